import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNano } from '@ton/core'
import { expect, onTestFinished, test } from 'vitest'
import { startTon, WALLET_START_NANO } from './start-ton.ts'
import { addressOf, createTestWallet, setupTon } from './test-ton.ts'

const wallet = createTestWallet()

async function setupStateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ton-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'ton.json')
}

test('the development wallet has coins at the first start', async () => {
  const ton = await setupTon()
  expect(await ton.chain.balance(ton.wallet.address)).toBe(WALLET_START_NANO)
  expect(ton.network).toBe('-3')
})

test('after a restart everything is there: accounts, transactions, time, the wallet and its coins', async () => {
  const stateFile = await setupStateFile()
  const first = await startTon({ stateFile })
  await first.chain.faucet(wallet.address, toNano(10))
  const boc = wallet.sign(0, [{ to: addressOf(1), value: toNano(1) }], first.chain.nowS() + 7200)
  await first.chain.send(boc)
  first.chain.advance(3600)
  const before = await first.chain.listTransactions(wallet.address, '0', 100)
  const headBefore = await first.chain.readHead()
  const { address } = first.wallet
  await first.close()

  const second = await setupTon({ stateFile })
  expect(await second.chain.listTransactions(wallet.address, '0', 100)).toEqual(before)
  expect(second.wallet.address).toBe(address)
  expect(await second.chain.balance(address)).toBe(WALLET_START_NANO)
  const headAfter = await second.chain.readHead()
  expect(headAfter.atS).toBeGreaterThanOrEqual(headBefore.atS)
  expect(headAfter.seqno).toBeGreaterThanOrEqual(headBefore.seqno)
  await expect(second.chain.send(boc)).rejects.toThrow('exitcode=133')
  await second.chain.send(wallet.sign(1, [{ to: addressOf(1), value: toNano(1) }], second.chain.nowS() + 60))
  const after = await second.chain.listTransactions(wallet.address, '0', 100)
  expect(after.at(-1)?.prevHash).toBe(before.at(-1)?.hash)
  const { minted, balances, fees } = await second.chain.supply()
  expect(balances + fees).toBe(minted)
})

test('what a sender was told to be fine survives a kill right after it', async () => {
  const stateFile = await setupStateFile()
  const killed = await setupTon({ stateFile }) // closed only at the end: its files are read as a kill leaves them
  await killed.chain.faucet(wallet.address, toNano(10))
  await killed.chain.send(wallet.sign(0, [{ to: addressOf(1), value: toNano(1) }], killed.chain.nowS() + 60))
  const copy = await setupStateFile()
  await writeFile(copy, await readFile(stateFile))
  await writeFile(`${copy}.log`, await readFile(`${stateFile}.log`))
  const next = await setupTon({ stateFile: copy })
  expect(await next.chain.readAccount(wallet.address)).toEqual(await killed.chain.readAccount(wallet.address))
})

test('a log that a kill left longer than the state is cut back to it', async () => {
  const stateFile = await setupStateFile()
  const first = await startTon({ stateFile })
  await first.close()
  const log = await readFile(`${stateFile}.log`, 'utf8')
  await appendFile(`${stateFile}.log`, log.slice(0, log.length / 2))
  const second = await startTon({ stateFile })
  expect(second.chain.allTransactions()).toHaveLength(1)
  await second.chain.faucet(wallet.address, 1n)
  const whole = second.chain.allTransactions().map(({ hash }) => hash)
  await second.close()
  const third = await setupTon({ stateFile })
  expect(third.chain.allTransactions().map(({ hash }) => hash)).toEqual(whole)
})

test('a state of another version is not opened, and the file stays as it was', async () => {
  const stateFile = await setupStateFile()
  await writeFile(stateFile, '{"version":99}')
  await expect(startTon({ stateFile })).rejects.toThrow('delete it to start anew')
  expect(await readFile(stateFile, 'utf8')).toBe('{"version":99}')
})
