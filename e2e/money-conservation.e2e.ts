import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Address, beginCell, Cell, external, internal, SendMode, storeMessage } from '@ton/core'
import { keyPairFromSeed } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton'
import { afterAll, expect, test } from 'vitest'
import { logIn } from '../local/coordinator-client.ts'
import { startLocalTon } from '../local/ton/start-local-ton.ts'
import { signProof } from '../worker-coordinator/src/wallets/ton/proof-fixture.ts'
import { fakeRunner, readAudit, setupNetwork } from './setup-network.ts'

const CHATS = 1000
const CLIENTS = 16
const TON = 1_000_000_000n
const LONG = { timeout: 170_000, interval: 1000 }
const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

const folder = await mkdtemp(join(tmpdir(), 'sharnaqa-money-'))
const ton = await startLocalTon({
  port: 0,
  stateFile: join(folder, 'ton.json'),
  hotSeed: randomBytes(32).toString('hex'),
})
afterAll(async () => {
  await ton.close()
  await rm(folder, { recursive: true, force: true })
})
// Each answer of 30 tokens costs 0.003 TON, so that a thousand of them are worth paying out.
const runner = fakeRunner({ tokens_per_second: 1000, tokens: 30 }, 16)
const network = await setupNetwork({
  ton: 'none',
  plans: [{ ...runner, args: [...runner.args, '--price-output', '100000000000'] }],
  vars: { ...ton.vars, WELCOME_CREDIT_NANO: '0' },
})
const { started, client, stateDir } = network
const { api, apiKey } = started
const origin = api.replace(/\/v1$/, '')

const ask = async <T>(path: string, token = apiKey, body?: unknown): Promise<T> => {
  const reply = await fetch(`${origin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
  return (await reply.json()) as T
}
const readMoney = async () => {
  const money = await ask<Record<string, string> & { account: number }>('/v1/balance')
  return { account: money.account, available: BigInt(money.available_nano ?? -1) }
}
/** A command of the README, as a person types it. */
const command = async (script: string, ...args: string[]) => {
  const { stdout } = await run(process.execPath, [join(root, 'contracts/scripts', script), ...args], {
    cwd: folder,
  })
  return stdout
}

test('coins in, 1,000 chats, coins out, and out of the escrow with the coordinator gone: not a nano is lost under faults', async () => {
  const seedFile = join(folder, 'wallet.seed')
  const seed = randomBytes(32)
  await writeFile(seedFile, seed.toString('hex'), { mode: 0o600 })
  const keys = keyPairFromSeed(seed)
  const wallet = WalletContractV5R1.create({
    publicKey: keys.publicKey,
    walletId: { networkGlobalId: -3 },
  })
  const person = wallet.address.toRawString()
  await ton.chain.faucet(person, 20n * TON)

  // An escrow of 5 TON, of which 2 may be collected.
  const deployed = await command(
    'deploy.ts',
    '--owner',
    person,
    '--payee',
    ton.hotAddress,
    '--amount',
    '5',
    '--testnet',
    '--delay-hours',
    '24',
    '--toncenter',
    ton.url,
    '--seed-file',
    seedFile,
  )
  const escrow = /[0k]Q[A-Za-z0-9_-]{46}|0:[0-9a-f]{64}/.exec(deployed)?.[0] ?? ''
  expect(escrow, deployed).not.toBe('')
  const keyFile = join(folder, 'api.key')
  await writeFile(keyFile, apiKey, { mode: 0o600 })
  const { account } = await readMoney()
  const toNetwork = ['--coordinator', origin, '--api-key-file', keyFile, '--toncenter', ton.url]
  await command('voucher.ts', 'register', escrow, '--account', String(account), ...toNetwork)

  // From here on the chain loses, repeats, stays silent, and now and then shows old blocks.
  const faults = startFaults()
  const way = await ask<{ address: string; body: string }>('/v1/deposit')
  const arrived = async () => (await readMoney()).available
  const transfer = wallet.createTransfer({
    seqno: (await ton.chain.readAccount(person)).seqno,
    secretKey: keys.secretKey,
    sendMode: SendMode.PAY_GAS_SEPARATELY,
    messages: [
      internal({
        to: Address.parse(way.address),
        value: 3n * TON,
        bounce: Address.isFriendly(way.address) && Address.parseFriendly(way.address).isBounceable,
        body: Cell.fromBase64(way.body),
      }),
    ],
  })
  const message = beginCell()
    .store(storeMessage(external({ to: wallet.address, body: transfer })))
    .endCell()
  expect((await ton.chain.deliverExternal(message.toBoc().toString('base64'))).ok).toBe(true)
  await expect.poll(arrived, LONG).toBe(3n * TON)
  await command('voucher.ts', 'allow', escrow, '--total', '2', ...toNetwork)
  await expect.poll(arrived, LONG).toBe(5n * TON)

  // Whoever owns the runner shows a wallet.
  const { localBotToken } = JSON.parse(await readFile(join(stateDir, 'secrets.json'), 'utf8')) as {
    localBotToken: string
  }
  const { token } = await logIn(origin, localBotToken)
  const { nonce } = await ask<{ nonce: string }>('/api/wallet/nonce', token, {})
  const timestampS = Math.floor(Date.now() / 1000)
  const { stateInit, ...proof } = await signProof({
    domain: new URL(origin).host,
    nonce,
    timestampS,
    network: '-3',
    seed: 9,
  })
  await ask('/api/wallet', token, { ...proof, state_init: stateInit })

  let next = 0
  let failed = 0
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < CHATS) {
        const content = `question ${next++}`
        await client.chat.completions
          .create({ model: 'fake', max_tokens: 40, messages: [{ role: 'user', content }] })
          .catch(() => failed++)
      }
    }),
  )
  expect(failed).toBe(0)
  const spent = 5n * TON - (await arrived())
  expect(spent).toBeGreaterThan(2n * TON)

  // The coordinator dies while earnings are on their way, and comes back.
  process.kill(started.pids.coordinator, 'SIGKILL')
  await expect.poll(() => arrived().catch(() => -1n), LONG).toBeGreaterThan(0n)

  // Earnings ripen, leave by themselves, and arrive: all but the network's share.
  const earned = spent - (await commissionOf())
  await expect.poll(() => ton.chain.balance(proof.address), LONG).toBe(earned)
  faults.stop()
  await expect.poll(async () => (await readAudit(api, apiKey)).faults, LONG).toEqual([])
  await network.stop()

  // With the coordinator gone, the README's command gives back what was not collected.
  const exit = () => command('exit.ts', escrow, '--toncenter', ton.url, '--seed-file', seedFile)
  await exit()
  ton.chain.advance(25 * 3600)
  await exit()
  expect(await ton.chain.balance(Address.parse(escrow).toRawString())).toBe(0n)

  // All coins of the story are in four wallets, on the way between them, or where they came from: to the nano.
  const { minted, balances, fees } = await ton.chain.supply()
  expect(balances + fees).toBe(minted)
  const held = await Promise.all(
    [person, proof.address, ton.hotAddress, ton.wallet.address].map((address) => ton.chain.balance(address)),
  )
  expect(held.reduce((sum, one) => sum + one, 0n) + fees).toBe(minted)
  // Of 20 TON, 3 were paid in and 2 collected: the rest is back, less what the way cost.
  expect(held[0]).toBeGreaterThan(15n * TON - TON / 50n)

  async function commissionOf(): Promise<bigint> {
    const usage = await ask<{ total: { charge_nano: string } }>('/v1/usage')
    expect(BigInt(usage.total.charge_nano)).toBe(spent)
    const { runners } = await ask<{ runners: { today_nano: string }[] }>('/v1/earnings', token)
    const paid = runners.reduce((sum, { today_nano }) => sum + BigInt(today_nano), 0n)
    return spent - paid
  }
}, 600_000)

/** What the chain does wrong from now on, and one second in three it lags. */
function startFaults() {
  const always = () => {
    ton.chain.clearFaults()
    ton.chain.addFault({ type: 'drop-send', share: 0.2 })
    ton.chain.addFault({ type: 'lose-reply', share: 0.2 })
    ton.chain.addFault({ type: 'duplicate-send', share: 0.2 })
    ton.chain.addFault({ type: 'fail-read', share: 0.1 })
  }
  let second = 0
  always()
  const timer = setInterval(() => {
    always()
    if (second++ % 3 === 0) ton.chain.addFault({ type: 'lag', transactions: 1 + (second % 2) })
  }, 1000)
  return {
    stop: () => {
      clearInterval(timer)
      ton.chain.clearFaults()
    },
  }
}
