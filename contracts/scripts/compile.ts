import { writeFileSync } from 'node:fs'
import { compileEscrow } from './compile-escrow.ts'

// node contracts/scripts/compile.ts: after a change of the source, writes what the wrapper and the coordinator use.
const compiled = await compileEscrow()
writeFileSync(
  new URL('../wrappers/client-escrow.compiled.json', import.meta.url),
  `${JSON.stringify(compiled, null, 2)}\n`,
)
console.log(`Compiled ClientEscrow with ${compiled.compiler}. Code hash: ${compiled.codeHash}`)
