import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../../../test/temp-folder.ts'
import { readEventLogFile } from './event-log-file.ts'

const IMAGE = { name: 'image', digest: 'aa'.repeat(32) }
const MODEL = { name: 'model', digest: 'bb'.repeat(32) }

async function readLog(content: unknown) {
  const file = path.join(await makeTempFolder(), 'event-log.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return await readEventLogFile(file)
}

test('what the image logged is read as it wrote it', async () => {
  expect(await readLog([IMAGE, MODEL])).toEqual({ ok: true, value: [IMAGE, MODEL] })
})

test.each([
  ['no JSON', 'image'],
  ['an event of another name', [IMAGE, { ...MODEL, name: 'shell' }]],
  ['a model before the image', [MODEL, IMAGE]],
  ['nothing', []],
])('a log of %s is not used', async (_, content) => {
  expect(await readLog(content)).toEqual({ ok: false, reason: 'event-log-malformed' })
})

test('without a log this is not the image', async () => {
  const file = path.join(await makeTempFolder(), 'none')
  expect(await readEventLogFile(file)).toEqual({ ok: false, reason: 'event-log-missing' })
})
