import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getTolkCompilerVersion, runTolkCompiler } from '@ton/tolk-js'

const SOURCE = new URL('../contracts/ClientEscrow.tolk', import.meta.url)

/** What is committed beside the wrapper, so that the product needs no compiler. */
export type CompiledContract = {
  readonly compiler: string
  /** SHA-256 of the source file, hex. */
  readonly sourceHash: string
  readonly codeHash: string
  /** BOC of the code, base64. */
  readonly code: string
}

/** Compiles ClientEscrow. Throws with the compiler's own words when the source is wrong. */
export async function compileEscrow(): Promise<CompiledContract> {
  const source = readFileSync(SOURCE, 'utf8')
  const result = await runTolkCompiler({
    entrypointFileName: 'ClientEscrow.tolk',
    fsReadCallback: (path) => {
      if (path !== 'ClientEscrow.tolk') throw new Error(`ClientEscrow imports nothing, yet asks for ${path}`)
      return source
    },
  })
  if (result.status === 'error') throw new Error(result.message)
  return {
    compiler: `tolk ${await getTolkCompilerVersion()}`,
    sourceHash: createHash('sha256').update(source).digest('hex'),
    codeHash: result.codeHashHex.toLowerCase(),
    code: result.codeBoc64,
  }
}
