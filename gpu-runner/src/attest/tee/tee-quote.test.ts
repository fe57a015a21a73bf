import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createFakeTsm, type TsmPlan } from '../../../test/fake-tsm.ts'
import { makeTempFolder } from '../../../test/temp-folder.ts'
import { kernelFiles, makeQuote } from './tee-quote.ts'

const REPORT_DATA = new Uint8Array(64).fill(7)

async function setupQuote(plan: TsmPlan = {}) {
  const { folder, files, removed } = await createFakeTsm(plan)
  const clock = createFakeClock()
  let names = 0
  const deps = { clock, files, folder, makeName: () => `report-${names++}` }
  /** Makes a quote, and lets the time pass that it waits. */
  const quote = async (tee: 'tdx' | 'sev-snp' = 'tdx', reportData = REPORT_DATA) => {
    const making = makeQuote(deps, tee, reportData)
    let isMade = false
    void making.then(() => {
      isMade = true
    })
    // Its files are real: they take a moment that no clock knows of.
    while (!isMade) {
      await clock.advance(500)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return await making
  }
  return { quote, folder, removed, names: () => names }
}

test('the 64 bytes are signed, and nothing is left behind', async () => {
  const { quote, folder, removed } = await setupQuote({ quoteOf: (data) => new Uint8Array([...data, 1]) })
  expect(await quote()).toEqual({ ok: true, value: new Uint8Array([...REPORT_DATA, 1]) })
  expect(removed).toEqual([path.join(folder, 'report-0')])
  expect(await readdir(folder)).toEqual([])
})

test('a TEE that is busy is asked three times more, each time in a report of its own', async () => {
  const patient = await setupQuote({ busy: 3 })
  expect(await patient.quote()).toMatchObject({ ok: true })
  expect(patient.names()).toBe(4)
  const given = await setupQuote({ busy: 4 })
  expect(await given.quote()).toEqual({ ok: false, reason: 'tee-busy' })
  expect(await readdir(given.folder)).toEqual([])
})

test.each<[string, TsmPlan, 'tdx' | 'sev-snp', string]>([
  ['that somebody else wrote into', { isShared: true }, 'tdx', 'quote-of-another'],
  ['of another TEE', { provider: 'sev_guest' }, 'tdx', 'other-tee'],
  ['of no TEE that is known', { provider: 'arm_cca_guest' }, 'sev-snp', 'other-tee'],
  ['that is larger than quotes are', { quoteOf: () => new Uint8Array(20_000) }, 'tdx', 'quote-failed'],
  ['that is empty', { quoteOf: () => new Uint8Array() }, 'tdx', 'quote-failed'],
])('a report %s is not used, and is removed', async (_, plan, tee, reason) => {
  const { quote, folder } = await setupQuote(plan)
  expect(await quote(tee)).toEqual({ ok: false, reason })
  expect(await readdir(folder)).toEqual([])
})

test('SEV-SNP is asked in the same way', async () => {
  const { quote } = await setupQuote({ provider: 'sev_guest' })
  expect(await quote('sev-snp')).toMatchObject({ ok: true })
})

test('only 64 bytes are signed', async () => {
  const { quote, names } = await setupQuote()
  expect(await quote('tdx', new Uint8Array(32))).toEqual({ ok: false, reason: 'report-data-size' })
  expect(names()).toBe(0)
})

test('a machine without a TEE says so', async () => {
  const folder = path.join(await makeTempFolder(), 'no', 'such')
  const deps = { clock: createFakeClock(), files: kernelFiles, folder, makeName: () => 'report' }
  expect(await makeQuote(deps, 'tdx', REPORT_DATA)).toEqual({ ok: false, reason: 'no-tee' })
})

test('real files are read to their end, and written only where they are', async () => {
  const folder = await makeTempFolder()
  const file = path.join(folder, 'outblob')
  await expect(kernelFiles.writeOnce(file, REPORT_DATA)).rejects.toThrow('ENOENT')
  await kernelFiles.mkdir(path.join(folder, 'report'))
  await kernelFiles.rmdir(path.join(folder, 'report'))
  const bytes = new Uint8Array(9000).map((_, i) => i % 251)
  await writeFile(file, bytes)
  expect(await kernelFiles.readAll(file, 9000)).toEqual(bytes)
  await expect(kernelFiles.readAll(file, 8999)).rejects.toThrow('more than')
  await kernelFiles.writeOnce(file, REPORT_DATA)
  expect((await kernelFiles.readAll(file, 9000)).subarray(0, 64)).toEqual(REPORT_DATA)
})
