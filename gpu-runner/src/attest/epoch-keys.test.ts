import { expect, onTestFinished, test } from 'vitest'
import { fromCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { EPOCH_MS, epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { areSealKeys } from '../../../protocol/src/sealed/seal-keys.ts'
import { SUITES } from '../../../protocol/src/sealed/suites.ts'
import { createFakeClock, until } from '../../test/fake-clock.ts'
import { openEpochKeys } from './epoch-keys.ts'

const MINUTE_MS = 60_000
/** Half past an hour. */
const START_MS = EPOCH_MS * 500_000 + 30 * MINUTE_MS

async function setupKeys() {
  const clock = createFakeClock(START_MS)
  const [made, dropped]: [number[], number[]] = [[], []]
  const keys = await openEpochKeys({
    clock,
    onMade: (epoch) => void made.push(epoch),
    onDropped: (epoch) => void dropped.push(epoch),
  })
  onTestFinished(keys.close)
  const epoch = epochAt(START_MS)
  /** Keys are made on another thread: the clock alone does not bring them. */
  const advance = async (minutes: number, madeUntil: number) => {
    await clock.advance(minutes * MINUTE_MS)
    await until(() => made.includes(madeUntil))
  }
  return { clock, keys, made, dropped, epoch, advance }
}

test('an epoch has a key of each suite, and its private part is asked for by suite', async () => {
  const { keys, epoch } = await setupKeys()
  expect(keys.epochs()).toEqual([epoch])
  const told = keys.publicKeys(epoch)
  expect(told && areSealKeys(told)).toBe(true)
  expect(told?.keys.map(({ publicKey }) => fromCanonicalBase64Url(publicKey)?.length)).toEqual([32, 1216])
  const [x25519, xWing] = SUITES.map((suite) => keys.privateKey(suite, epoch))
  expect(x25519).toBeDefined()
  expect(x25519).not.toBe(xWing)
  expect(keys.privateKey('x25519', epoch + 1)).toBeUndefined()
})

test('the next epoch’s key comes at most ten minutes ahead, the old one goes ten minutes after', async () => {
  const { clock, keys, epoch, advance, dropped } = await setupKeys()
  await clock.advance(19 * MINUTE_MS)
  expect(keys.epochs()).toEqual([epoch])
  await advance(2, epoch + 1)
  expect(keys.epochs()).toEqual([epoch, epoch + 1])
  await clock.advance(18 * MINUTE_MS)
  expect(keys.epochs()).toEqual([epoch, epoch + 1])
  expect(keys.seen.add(epoch, new Uint8Array([1]))).toBe(true)
  await clock.advance(2 * MINUTE_MS)
  expect(keys.epochs()).toEqual([epoch + 1])
  expect(dropped).toEqual([epoch])
  expect(keys.privateKey('x25519', epoch)).toBeUndefined()
  expect(keys.publicKeys(epoch)).toBeUndefined()
  // What was seen of it is forgotten with it.
  expect(keys.seen.add(epoch, new Uint8Array([1]))).toBe(true)
})

test('over a day no key lives longer than its epoch and both overlaps', async () => {
  const { clock, keys, made, dropped, epoch } = await setupKeys()
  for (let hour = 1; hour <= 24; hour++) {
    await clock.advance(59 * MINUTE_MS)
    await until(() => made.length >= hour)
    await clock.advance(MINUTE_MS)
    expect(keys.epochs().length).toBeLessThanOrEqual(2)
  }
  expect(new Set(made).size).toBe(made.length)
  expect(made.at(-1)).toBeGreaterThanOrEqual(epoch + 23)
  expect(dropped.length).toBeGreaterThanOrEqual(22)
})

test('a machine that slept uses no old key, even before a timer noticed', async () => {
  let nowMs = START_MS
  const keys = await openEpochKeys({
    clock: { nowMs: () => nowMs, schedule: () => () => {} },
    onMade: () => {},
    onDropped: () => {},
  })
  expect(keys.privateKey('x25519', epochAt(START_MS))).toBeDefined()
  nowMs += 8 * EPOCH_MS
  expect(keys.privateKey('x25519', epochAt(START_MS))).toBeUndefined()
  expect(keys.epochs()).toEqual([])
  keys.close()
})

test('after the end there is no key and no timer', async () => {
  const { clock, keys, epoch } = await setupKeys()
  keys.close()
  expect(keys.privateKey('x25519', epoch)).toBeUndefined()
  expect(clock.waiting()).toBe(0)
})
