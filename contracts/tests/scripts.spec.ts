import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Address, Cell, loadStateInit, toNano } from '@ton/core'
import { keyPairFromSeed } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTon, type TonHandle } from '../../local/ton/start-ton.ts'
import { registerEscrowRequestSchema, voucherRequestSchema } from '../../protocol/src/escrow/escrows.ts'
import { verifyRegistration, verifyVoucher } from '../../protocol/src/escrow/voucher.ts'
import { CommandError } from '../scripts/command-error.ts'
import { deployEscrow } from '../scripts/deploy.ts'
import { exitEscrow } from '../scripts/exit.ts'
import { signForEscrow } from '../scripts/voucher.ts'
import { CLOSE_GAS, escrowAddress, requestCloseMessage } from '../wrappers/client-escrow.ts'

const HOUR_S = 3_600
const PAYEE = new Address(0, Buffer.alloc(32, 9)).toString()
const folder = mkdtempSync(join(tmpdir(), 'escrow-'))
const seedFile = join(folder, 'owner.seed')
const keyFile = join(folder, 'session.key')
writeFileSync(seedFile, `${'07'.repeat(32)}\n`)
const owner = WalletContractV5R1.create({
  publicKey: keyPairFromSeed(Buffer.alloc(32, 7)).publicKey,
  walletId: { networkGlobalId: -3 },
}).address.toString({ bounceable: false, testOnly: true })

let ton: TonHandle
beforeAll(async () => {
  ton = await startTon()
  await ton.chain.faucet(Address.parse(owner).toRawString(), toNano('100'))
})
afterAll(() => ton.close())

/** Runs a script's story; gives what it printed. */
async function run(story: typeof exitEscrow, ...args: string[]): Promise<string> {
  const lines: string[] = []
  await story([...args, '--toncenter', ton.url], (line) => lines.push(line))
  return lines.join('\n')
}

const DEPLOY = ['--owner', owner, '--payee', PAYEE, '--testnet', '--session-key-file', keyFile]

/** Deploys with the owner's key; gives the escrow's address. */
async function deploy(salt: string, amount = '5'): Promise<string> {
  const printed = await run(
    deployEscrow,
    ...DEPLOY,
    '--amount',
    amount,
    '--salt',
    salt,
    '--seed-file',
    seedFile,
  )
  return /Raw +(0:[0-9a-f]{64})/.exec(printed)?.[1] ?? ''
}

test('an owner opens an escrow, pays from it, and leaves with the coordinator gone', async () => {
  const address = await deploy('1')
  expect(await ton.chain.balance(address)).toBeGreaterThan(toNano('4.99'))
  expect(statSync(keyFile).mode & 0o777).toBe(0o600)

  const asked = await run(exitEscrow, address, '--seed-file', seedFile)
  expect(asked).toContain('State      open')
  expect(asked).toContain('The close is requested. From')
  ton.chain.advance(HOUR_S)
  expect(await run(exitEscrow, address, '--seed-file', seedFile)).toContain(
    'State      closing, 47 hours to go',
  )

  ton.chain.advance(47 * HOUR_S)
  const before = await ton.chain.balance(Address.parse(owner).toRawString())
  const done = await run(exitEscrow, address, '--seed-file', seedFile)
  expect(done).toContain('State      ready to be closed')
  expect(done).toContain('Done. Everything went back')
  expect(await ton.chain.balance(address)).toBe(0n)
  const gained = (await ton.chain.balance(Address.parse(owner).toRawString())) - before
  expect(gained).toBeGreaterThan(toNano('4.98'))
  expect(await run(exitEscrow, address, '--seed-file', seedFile)).toContain('The escrow holds nothing')
})

test('without a key, links say the same to any wallet app', async () => {
  const printed = await run(deployEscrow, ...DEPLOY, '--amount', '2', '--salt', '2')
  const link = new URL(/ton:\/\/\S+/.exec(printed)?.[0] ?? '')
  const init = Cell.fromBoc(Buffer.from(link.searchParams.get('init') ?? '', 'base64url'))[0]
  if (!init) throw new Error('no code in the link')
  expect(link.searchParams.get('amount')).toBe(String(toNano('2')))
  const { code, data } = loadStateInit(init.beginParse())
  expect([code, data]).not.toContain(undefined)
  const to = link.href.slice('ton://transfer/'.length, link.href.indexOf('?'))
  expect(Address.parseFriendly(to)).toMatchObject({ isBounceable: false, isTestOnly: true })
  expect(Address.parse(to).toRawString()).toBe(`0:${init.hash().toString('hex')}`)

  const exit = await run(exitEscrow, await deploy('3'))
  const request = new URL(/ton:\/\/\S+/.exec(exit)?.[0] ?? '')
  expect(request.searchParams.get('amount')).toBe(String(CLOSE_GAS))
  const body = Cell.fromBoc(Buffer.from(request.searchParams.get('bin') ?? '', 'base64url'))[0]
  expect(body?.equals(requestCloseMessage({ queryId: 0n }))).toBe(true)
  expect(exit).toContain(requestCloseMessage({ queryId: 0n }).toBoc().toString('base64'))
})

test('what is signed for the coordinator is what it takes', async () => {
  const address = await deploy('4')
  const options = ['--session-key-file', keyFile]
  const requestOf = (printed: string) => JSON.parse(printed.slice(printed.indexOf('{')))
  const registration = registerEscrowRequestSchema.parse(
    requestOf(await run(signForEscrow, 'register', address, '--account', '4503599627370497', ...options)),
  )
  const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  const { terms } = registration
  expect(
    await verifyRegistration(terms.session_key, bytesOf(registration.signature), {
      address,
      accountId: 4503599627370497,
    }),
  ).toBe(true)
  expect(
    escrowAddress({
      owner: Address.parse(terms.owner),
      payee: Address.parse(PAYEE),
      sessionKey: Buffer.from(terms.session_key, 'hex'),
      closeDelayS: terms.close_delay_seconds,
      dayCap: terms.day_cap_nano,
      networkId: -3,
      salt: terms.salt,
    }).toRawString(),
  ).toBe(address)

  const voucher = voucherRequestSchema.parse(
    requestOf(await run(signForEscrow, 'allow', address, '--total', '1.5', ...options)),
  )
  const term = (await ton.chain.runGetMethod(address, 'escrow_state')).numbers[1] ?? 0n
  expect(
    await verifyVoucher(terms.session_key, bytesOf(voucher.signature), {
      address,
      term,
      cumulative: voucher.cumulative_nano,
    }),
  ).toBe(true)
  await expect(run(signForEscrow, 'allow', address, '--total', '6', ...options)).rejects.toThrow(
    'sign for less',
  )
})

test.for([
  ['the address of the escrow is not one', exitEscrow, ['EQnot'], 'is not a TON address'],
  ['there is no escrow', exitEscrow, [PAYEE], 'There is no escrow of this version'],
  ['the masterchain', exitEscrow, [new Address(-1, Buffer.alloc(32)).toString()], 'base chain'],
  ['the server is no URL', exitEscrow, [PAYEE, '--toncenter', 'toncenter'], '--toncenter is a URL'],
  ['the amount is negative', deployEscrow, [...DEPLOY, '--amount=-1'], 'an amount in TON'],
  ['the amount is too small', deployEscrow, [...DEPLOY, '--amount', '0.01'], 'at least 0.05 TON'],
  [
    'the delay is too short',
    deployEscrow,
    [...DEPLOY, '--amount', '1', '--delay-hours', '23'],
    '--delay-hours',
  ],
  [
    'the key file is missing',
    deployEscrow,
    [...DEPLOY, '--amount', '1', '--seed-file', '/nowhere'],
    'cannot be read',
  ],
  [
    'both keys',
    deployEscrow,
    [...DEPLOY, '--amount', '1', '--seed-file', 'a', '--mnemonic-file', 'b'],
    'not both',
  ],
] as const)('bad input is refused in a sentence: %s', async ([, story, args, sentence]) => {
  const lines: string[] = []
  const given = (args as readonly string[]).includes('--toncenter') ? args : [...args, '--toncenter', ton.url]
  const refused = story(given, (line) => lines.push(line))
  await expect(refused).rejects.toThrow(CommandError)
  await expect(refused).rejects.toThrow(sentence)
})

test('a key of another wallet closes nothing, and no secret is ever printed', async () => {
  const address = await deploy('5')
  const strangers = join(folder, 'stranger.seed')
  writeFileSync(strangers, '08'.repeat(32))
  await expect(run(exitEscrow, address, '--seed-file', strangers)).rejects.toThrow(`only ${owner} can close`)
  const words = join(folder, 'words')
  writeFileSync(words, 'secret words that are no mnemonic')
  const refused = await run(exitEscrow, address, '--mnemonic-file', words).catch(
    (error: Error) => error.message,
  )
  expect(refused).toContain('does not hold the words')
  expect(refused).not.toContain('secret')
  expect(readFileSync(keyFile, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
})

test('as a command it prints its use, and ends with 1 after a refusal', async () => {
  const script = fileURLToPath(new URL('../scripts/exit.ts', import.meta.url))
  const command = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args])
  expect((await command()).stdout).toContain('node contracts/scripts/exit.ts <address')
  await expect(command('EQnot')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not a TON address'),
  })
  await expect(command('--frobnicate')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('frobnicate'),
  })
})
