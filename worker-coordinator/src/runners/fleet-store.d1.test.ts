import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { matureWindow } from '../earnings/earnings-store.ts'
import { readCursor } from '../ledger/job-window-store.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { findPairingCode, listFleetRunners } from './fleet-store.ts'
import { hashPairingCode } from './pairing.ts'
import { openPresence } from './presence-store.ts'
import { createPairingCode, pairRunner, setRunnerState } from './runner-store.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const NOW_MS = Date.UTC(2026, 10, 22, 12)

async function openCode(accountId: number, nowMs = NOW_MS) {
  const random = crypto.getRandomValues(new Uint8Array(8))
  const made = await createPairingCode(db, { accountId, nowMs, random })
  if (!made.ok) throw new Error(made.reason)
  return made
}
async function pair(code: string, runnerId: string) {
  const paired = await pairRunner(db, {
    codeHash: await hashPairingCode(code),
    runnerId,
    publicKey: `key-of-${runnerId}`,
    name: 'tower',
    nowMs: NOW_MS,
    newId: ledger.newId,
  })
  if (!paired.ok) throw new Error(paired.reason)
}

test('an owner sees own runners that were not removed, with machine, audience and earnings', async () => {
  const payer = await ledger.setupUser(1000n)
  const accountId = await ledger.setupUser()
  const runner = await ledger.setupRunner(accountId)
  const gone = await ledger.setupRunner(accountId)
  await ledger.setupRunner(await ledger.setupUser())
  await setRunnerState(db, { accountId, runnerId: gone.runnerId }, 'removed')
  const { runnerId, ledgerId } = runner
  const pay = (amount: bigint, atMs: number) =>
    ledger.runJob({ accountId: payer, runner, amount, fee: 5n, atMs })
  expect(await listFleetRunners(db, accountId)).toMatchObject([
    {
      runnerId,
      device: null,
      region: null,
      lastSeenAt: null,
      audience: 'everyone',
      groupId: null,
      earned: 0n,
    },
  ])
  await openPresence(db, { runnerId, model: 'm', fromMs: NOW_MS, device: 'cuda', region: 'AS' })
  await setRunnerState(db, { accountId, runnerId }, 'paused')
  await pay(95n, NOW_MS)
  const from = await readCursor(db, 'matured')
  expect(await matureWindow(db, { from, to: firstJobIdAt(NOW_MS + 1) }, NOW_MS)).toBe(true)
  await pay(10n, NOW_MS + 1)
  expect(await listFleetRunners(db, accountId)).toMatchObject([
    {
      runnerId,
      ledgerId,
      isPaused: true,
      device: 'cuda',
      region: 'AS',
      lastSeenAt: NOW_MS,
      earned: 95n,
      accruing: 5n,
    },
  ])
})
test('a code is found by its id until a day after it is over, spent or not, and only by its account', async () => {
  const accountId = await ledger.setupUser()
  const stranger = await ledger.setupUser()
  const { id, code, expiresAtMs } = await openCode(accountId)
  expect(id).toMatch(/^[0-9a-f]{16}$/)
  expect((await hashPairingCode(code)).startsWith(id)).toBe(true)
  expect(await findPairingCode(db, { accountId, id })).toEqual({
    expiresAtMs,
    isSpent: false,
    runner: undefined,
  })
  expect(await findPairingCode(db, { accountId: stranger, id })).toBeUndefined()
  expect(await findPairingCode(db, { accountId, id: id.replace(/./g, '0') })).toBeUndefined()
  await pair(code, 'run_fleet')
  const found = await findPairingCode(db, { accountId, id })
  expect(found).toMatchObject({
    isSpent: true,
    runner: { runnerId: 'run_fleet', name: 'tower', device: null },
  })
  await openCode(stranger, expiresAtMs + 23 * 3_600_000)
  expect(await findPairingCode(db, { accountId, id })).toEqual(found)
  await setRunnerState(db, { accountId, runnerId: 'run_fleet' }, 'removed')
  expect(await findPairingCode(db, { accountId, id })).toMatchObject({ isSpent: true, runner: undefined })
  await openCode(stranger, expiresAtMs + 24 * 3_600_000)
  expect(await findPairingCode(db, { accountId, id })).toBeUndefined()
})
