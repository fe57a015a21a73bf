import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const packageFile = path.join(import.meta.dirname, '..', '..', 'package.json')

/** The program's version, as package.json says it. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version

/** What the runner calls itself on the wire. */
export const SOFTWARE = `sharnaqa-runner/${VERSION}`
