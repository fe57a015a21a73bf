import { join } from 'node:path'
import { bringVectors } from './vectors/bring-vectors.ts'
import hashes from './vectors.sha256.json' with { type: 'json' }

const ACTIONS = {
  unreachable: 'It cannot be reached. Action: connect to the network and run this again.',
  'not-found': 'It is not there. Action: look for the commit in its repository.',
  'too-large': 'It is larger than a vector may be. Nothing of it was kept.',
  altered: 'It is not the file whose SHA-256 is in local/vectors.sha256.json. Nothing of it was kept.',
  'no-hash': 'It has no SHA-256 in local/vectors.sha256.json. Nothing of it was asked for.',
} as const

const folder = join(import.meta.dirname, '../.vectors')
const result = await bringVectors((url, options) => fetch(url, options), {
  folder,
  hashes,
  onFile: (file) => process.stdout.write(`${file}\n`),
})
if (result.ok) {
  process.stdout.write(
    `${result.brought + result.kept} public vectors in .vectors/, ${result.brought} of them new.\n`,
  )
} else {
  process.stderr.write(`${result.file} from ${result.url}\n${ACTIONS[result.reason]}\n`)
  process.exitCode = 1
}
