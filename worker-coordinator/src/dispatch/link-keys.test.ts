import { expect, test } from 'vitest'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import type { Admitted, SealAdmission } from '../sealed/seal-admission.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import { settleDown, setupDesk, setupRunner } from './desk-fixture.ts'
import { refreshKeys } from './link-keys.ts'
import { linkDown } from './links.ts'
import { receiveFrame } from './receive-frame.ts'
import { addSealedKey } from './sealed-links.ts'

const KEY: SealedKey = {
  runnerId: 'f'.repeat(64),
  kind: 'tee',
  epoch: 0,
  evidenceDigest: 'a'.repeat(64),
  signingKey: 'A'.repeat(43),
  untilMs: 3_600_000,
  policySeq: 1,
  isSimulated: false,
}
const SHOWN: SealKeysFrame = { type: 'seal.keys', kind: 'tee', document: '{}' }

async function setup(keys: Partial<SealAdmission> = {}) {
  const seen: unknown[] = []
  const fixture = setupDesk({
    keys: {
      admit: async (link) => {
        seen.push(link)
        return { ok: true, key: KEY }
      },
      reload: async () => new Map(),
      policySeq: async () => 1,
      ...keys,
    },
  })
  const runner = await setupRunner(fixture)
  const { linkId, runnerId } = runner.facts
  const link = fixture.desk.links.get(linkId)
  if (!link) throw new Error('no link')
  const show = (frame = SHOWN) => receiveFrame(fixture.desk, linkId, frame)
  const verdicts = () => fixture.sent.flatMap(({ frame }) => (frame.type === 'seal.verdict' ? [frame] : []))
  return { ...fixture, runner, runnerId, linkId, link, seen, show, verdicts }
}

test('keys that hold are named on their link, and their runner hears until when', async () => {
  const { runner, link, seen, show, verdicts } = await setup()
  show()
  await settleDown()
  const { runnerId, publicKey, manifestDigest } = runner.facts
  expect(seen).toEqual([{ runnerId, publicKey, manifestDigest, model: 'm' }])
  expect(link.sealedKeys).toEqual([KEY])
  expect(verdicts()).toEqual([{ type: 'seal.verdict', kind: 'tee', accepted: true, untilMs: 3_600_000 }])
})

test('keys that do not hold are named nowhere, and their runner hears why', async () => {
  const { link, show, verdicts } = await setup({ admit: async () => ({ ok: false, reason: 'owner' }) })
  show()
  await settleDown()
  expect(link.sealedKeys).toEqual([])
  expect(verdicts()).toEqual([{ type: 'seal.verdict', kind: 'tee', accepted: false, reason: 'owner' }])
})

test('one admission runs at a time, and what else the link sends goes on meanwhile', async () => {
  const waiting: ((admitted: Admitted) => void)[] = []
  const { desk, linkId, link, show, verdicts } = await setup({
    admit: () => new Promise((resolve) => void waiting.push(resolve)),
  })
  show()
  show({ ...SHOWN, kind: 'paired' })
  await settleDown()
  expect(waiting).toHaveLength(1)
  receiveFrame(desk, linkId, { type: 'slots', freeSlots: 1, tokensPerSecond: 77 })
  expect(link.facts.tokensPerSecond).toBe(77)
  waiting[0]?.({ ok: true, key: KEY })
  await settleDown()
  expect(waiting).toHaveLength(2)
  waiting[1]?.({ ok: false, reason: 'owner' })
  await settleDown()
  expect(verdicts().map(({ kind }) => kind)).toEqual(['tee', 'paired'])
})

test('more than ten in a minute are a fault, and are refused unread', async () => {
  const { link, seen, show, verdicts, advance } = await setup()
  for (let shown = 0; shown < 11; shown++) show()
  await settleDown()
  expect([seen.length, link.strikes]).toEqual([10, 1])
  expect(verdicts().filter(({ accepted }) => !accepted)).toEqual([
    { type: 'seal.verdict', kind: 'tee', accepted: false, reason: 'too-many-keys' },
  ])
  await advance(60_000)
  show()
  await settleDown()
  expect([seen.length, link.strikes]).toEqual([11, 1])
})

test('a link that is gone before its keys were checked names none', async () => {
  const admitted = Promise.withResolvers<Admitted>()
  const { desk, linkId, show, verdicts } = await setup({
    admit: () => admitted.promise,
  })
  show()
  await settleDown()
  linkDown(desk, linkId)
  admitted.resolve({ ok: true, key: KEY })
  await settleDown()
  expect(desk.sealedLinks.size).toBe(0)
  expect(verdicts()).toEqual([])
})

test('a renewed key takes the place of the one of its epoch; a link has four at most', async () => {
  const { desk, link } = await setup()
  const digest = (index: number) => String(index).repeat(64)
  addSealedKey(desk, link, KEY)
  addSealedKey(desk, link, { ...KEY, evidenceDigest: digest(1) })
  expect(link.sealedKeys).toMatchObject([{ evidenceDigest: digest(1) }])
  for (let epoch = 1; epoch < 6; epoch++) {
    addSealedKey(desk, link, { ...KEY, epoch, evidenceDigest: digest(epoch) })
  }
  expect(link.sealedKeys.map(({ epoch }) => epoch)).toEqual([2, 3, 4, 5])
  expect([...desk.sealedLinks.keys()]).toEqual([2, 3, 4, 5].map(digest))
})

test('under a newer policy keys of TEEs are checked anew; those that do not hold are gone, and their runner hears it', async () => {
  let seq = 1
  const reloads: unknown[] = []
  const { desk, link, runnerId, verdicts } = await setup({
    policySeq: async () => seq,
    reload: async (...asked) => {
      reloads.push(asked)
      return new Map()
    },
  })
  addSealedKey(desk, link, KEY)
  await refreshKeys(desk)
  expect(reloads).toEqual([])
  seq = 2
  await Promise.all([refreshKeys(desk), refreshKeys(desk)])
  expect(reloads).toEqual([[[runnerId], 'm', 1_000_000]])
  expect(link.sealedKeys).toEqual([])
  expect(verdicts()).toEqual([
    { type: 'seal.verdict', kind: 'tee', accepted: false, reason: 'policy-changed' },
  ])
})

test('keys that hold under the newer policy stay', async () => {
  const again = { ...KEY, policySeq: 2 }
  const { desk, link, runnerId, verdicts } = await setup({
    policySeq: async () => 2,
    reload: async () => new Map([[runnerId, [again]]]),
  })
  addSealedKey(desk, link, KEY)
  await refreshKeys(desk)
  expect(link.sealedKeys).toEqual([again])
  expect(verdicts()).toEqual([])
})

test('after a sleep keys are read before anybody is chosen by them, and what came meanwhile stays', async () => {
  const read = Promise.withResolvers<ReadonlyMap<string, readonly SealedKey[]>>()
  const { desk, link, runnerId } = await setup({
    reload: () => read.promise,
  })
  desk.seals.isRead = false
  const reading = refreshKeys(desk)
  await settleDown()
  const fresh = { ...KEY, epoch: 1, evidenceDigest: 'b'.repeat(64) }
  addSealedKey(desk, link, fresh)
  read.resolve(new Map([[runnerId, [KEY]]]))
  await reading
  expect(link.sealedKeys).toEqual([KEY, fresh])
  expect(desk.seals.isRead).toBe(true)
})

test('an object whose links show no TEE asks for no policy', async () => {
  const { desk, link } = await setup({ policySeq: () => Promise.reject(new Error('asked')) })
  addSealedKey(desk, link, { ...KEY, kind: 'paired', policySeq: 0 })
  await expect(refreshKeys(desk)).resolves.toBeUndefined()
})

test('a database that does not answer leaves nobody to be chosen by unread keys', async () => {
  const { desk } = await setup({ reload: () => Promise.reject(new Error('down')) })
  desk.seals.isRead = false
  await expect(refreshKeys(desk)).rejects.toThrow('down')
  expect(desk.seals.isRead).toBe(false)
})
