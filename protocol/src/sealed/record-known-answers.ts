import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeKnownAnswers } from './make-known-answers.ts'

const file = join(import.meta.dirname, 'known-answers.json')
await writeFile(file, `${JSON.stringify(await makeKnownAnswers(), null, 2)}\n`)
