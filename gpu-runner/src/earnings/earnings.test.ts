import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { openEarnings } from './earnings.ts'

const MORNING = Date.parse('2026-10-01T08:00:00Z')
const NEXT_DAY = Date.parse('2026-10-02T00:00:00Z')
const job = (n: number) => ({ jobId: `job_${n}`, attempt: 0 })

test('payments add up by UTC day', async () => {
  const earnings = await openEarnings(await makeTempFolder())
  earnings.add(job(1), nano(5n), MORNING)
  earnings.add(job(2), nano(7n), NEXT_DAY - 1)
  earnings.add(job(3), nano(100n), NEXT_DAY)
  expect(earnings.on(MORNING)).toBe(12n)
  expect(earnings.on(NEXT_DAY)).toBe(100n)
})

test('a payment that is told twice counts once, over a restart too', async () => {
  const dataDir = await makeTempFolder()
  const earnings = await openEarnings(dataDir)
  earnings.add(job(1), nano(5n), MORNING)
  earnings.add(job(1), nano(5n), MORNING)
  await earnings.saved()
  const again = await openEarnings(dataDir)
  again.add(job(1), nano(5n), MORNING)
  again.add({ jobId: 'job_1', attempt: 1 }, nano(2n), MORNING)
  expect(again.on(MORNING)).toBe(7n)
})

test('amounts beyond a float’s precision stay exact on disk', async () => {
  const dataDir = await makeTempFolder()
  const earnings = await openEarnings(dataDir)
  earnings.add(job(1), nano(9_007_199_254_740_990n), MORNING)
  earnings.add(job(2), nano(1n), MORNING)
  await earnings.saved()
  expect((await openEarnings(dataDir)).on(MORNING)).toBe(9_007_199_254_740_991n)
  expect(await readFile(path.join(dataDir, 'earnings.json'), 'utf8')).toContain('"9007199254740991"')
})

test('a damaged file begins anew instead of stopping the runner', async () => {
  const dataDir = await makeTempFolder()
  await writeFile(path.join(dataDir, 'earnings.json'), '{"days":')
  const earnings = await openEarnings(dataDir)
  earnings.add(job(1), nano(3n), MORNING)
  expect(earnings.on(MORNING)).toBe(3n)
})
