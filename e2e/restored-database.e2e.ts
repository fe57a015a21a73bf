import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cell } from '@ton/core'
import { afterAll, expect, test } from 'vitest'
import { logIn } from '../local/coordinator-client.ts'
import { findFreePort } from '../local/free-port.ts'
import { startNetwork } from '../local/network.ts'
import { startLocalTon } from '../local/ton/start-local-ton.ts'
import { signProof } from '../worker-coordinator/src/wallets/ton/proof-fixture.ts'
import { fakeRunner } from './setup-network.ts'

const TON = 1_000_000_000n
const SLOW = { timeout: 90_000, interval: 500 }
const folder = await mkdtemp(join(tmpdir(), 'sharnaqa-restored-'))
const stateDir = join(folder, 'state')
const ton = await startLocalTon({
  port: 0,
  stateFile: join(folder, 'ton.json'),
  hotSeed: randomBytes(32).toString('hex'),
})
afterAll(async () => {
  await ton.close()
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
})
const seqno = async () => (await ton.chain.readAccount(ton.hotAddress)).seqno

/** The same network again, on the state that lies there, and its person. */
async function start() {
  const network = await startNetwork(
    {
      port: await findFreePort(0),
      runners: 1,
      upstream: undefined,
      telegram: 'none',
      ton: 'none',
      reset: false,
      json: true,
      stateDir,
      plans: [fakeRunner()],
      // The faucet is a stranger here: what it sends with a tag is a deposit.
      vars: { ...ton.vars, TON_OPERATOR_ADDRESSES: '' },
    },
    () => undefined,
  )
  const origin = network.started.miniapp
  const { localBotToken } = JSON.parse(await readFile(join(stateDir, 'secrets.json'), 'utf8')) as {
    localBotToken: string
  }
  const { token } = await logIn(origin, localBotToken)
  const ask = async <T>(path: string, body?: unknown, key?: string): Promise<T> => {
    const reply = await fetch(`${origin}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as T
  }
  const takeOut = (key: string) => ask('/v1/payouts', { amount: String(TON / 2n), source: 'balance' }, key)
  return { ...network, origin, ask, takeOut }
}

test('a database that was restored to yesterday pays nobody, and says why', async () => {
  const first = await start()
  const { nonce } = await first.ask<{ nonce: string }>('/api/wallet/nonce', {})
  const { stateInit, ...proof } = await signProof({
    domain: new URL(first.origin).host,
    nonce,
    timestampS: Math.floor(Date.now() / 1000),
    network: '-3',
    seed: 5,
  })
  await first.ask('/api/wallet', { ...proof, state_init: stateInit })
  const { body } = await first.ask<{ body: string }>('/v1/deposit')
  await ton.chain.faucet(ton.hotAddress, 5n * TON, Cell.fromBase64(body))
  const available = async () =>
    BigInt((await first.ask<{ withdrawable_nano: string }>('/v1/balance')).withdrawable_nano)
  await expect.poll(available, SLOW).toBe(5n * TON)
  await first.takeOut('first')
  await expect.poll(() => ton.chain.balance(proof.address), SLOW).toBe(TON / 2n)
  await first.stop()
  await cp(stateDir, join(folder, 'yesterday'), { recursive: true })

  const second = await start()
  await second.takeOut('second')
  await expect.poll(() => ton.chain.balance(proof.address), SLOW).toBe(TON)
  await second.stop()

  await rm(stateDir, { recursive: true })
  await cp(join(folder, 'yesterday'), stateDir, { recursive: true })
  await rm(join(stateDir, 'logs/coordinator.log'), { force: true })
  const before = await seqno()
  const third = await start()
  await third.takeOut('third')
  const log = () => readFile(join(stateDir, 'logs/coordinator.log'), 'utf8').catch(() => '')
  await expect
    .poll(log, SLOW)
    .toContain('"event":"treasury-halted","reason":"database-restored","alarm":true')
  await new Promise((resolve) => setTimeout(resolve, 12_000))
  expect(await seqno()).toBe(before)
  expect(await ton.chain.balance(proof.address)).toBe(TON)
  const { data } = await third.ask<{ data: { state: string }[] }>('/v1/payouts')
  expect(data[0]?.state).toBe('queued')
  await third.stop()
}, 300_000)
