import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bytes } from '../bytes.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))

/** Where the public vectors are: `$SHARNAQA_VECTORS`, `.vectors/` in the project, or `shared/vectors` beside it. */
export const VECTORS = [
  process.env.SHARNAQA_VECTORS ?? '',
  join(PROJECT, '.vectors'),
  join(PROJECT, '../shared/vectors'),
].find((folder) => folder !== '' && existsSync(folder))

/** What a skipped test says of itself. */
export const HOW_TO_GET_VECTORS = VECTORS ? '' : ' (skipped: `npm run vectors` brings the public vectors)'

/** One vector's bytes. */
export function readVector(path: string): Bytes {
  return new Uint8Array(readFileSync(join(VECTORS ?? '', path)))
}

/** One vector's text. */
export function readVectorText(path: string): string {
  return readFileSync(join(VECTORS ?? '', path), 'utf8')
}
