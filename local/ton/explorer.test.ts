import { comment, toNano } from '@ton/core'
import { expect, test } from 'vitest'
import { addressOf, createTestWallet, setupTon } from './test-ton.ts'

const wallet = createTestWallet()

async function setupExplorer() {
  const ton = await setupTon()
  const open = async (path: string) => {
    const response = await fetch(`${ton.url}${path}`)
    return { status: response.status, url: response.url.slice(ton.url.length), page: await response.text() }
  }
  return { ton, open, chain: ton.chain }
}

test('a new chain shows the first coins of the development wallet and who it is', async () => {
  const { open } = await setupExplorer()
  const { status, page } = await open('/')
  expect(status).toBe(200)
  expect(page).toContain('Development wallet')
  expect(page).toContain('1000 TON')
})

test('an address that nobody used says so and offers the faucet', async () => {
  const { open } = await setupExplorer()
  const { page } = await open(`/address/${addressOf(1).toString()}`)
  expect(page).toContain('Nothing has happened at this address yet.')
  expect(page).toContain(`data-faucet="${addressOf(1).toRawString()}"`)
  expect(page).toContain('Get coins')
})

test('a transaction shows where its messages went, what they said, and the fees', async () => {
  const { open, chain } = await setupExplorer()
  await chain.faucet(wallet.address, toNano(5), comment('a <b>gift</b>'))
  const payments = [{ to: addressOf(1), value: toNano('1.25'), text: 'مرحبا' }]
  await chain.send(wallet.sign(0, payments, chain.nowS() + 60))
  const [gift, sent] = await chain.listTransactions(wallet.address, '0', 10)
  const own = await open(`/address/${wallet.address}`)
  expect(own.page).toContain('a &lt;b&gt;gift&lt;/b&gt;')
  expect(own.page).not.toContain('<b>gift')
  const { page } = await open(`/tx/${sent?.lt}:${sent?.hash}`)
  expect(page).toContain('1.25 TON')
  expect(page).toContain('مرحبا')
  expect(page).toContain(`${sent?.totalFees} nano`)
  expect(page).toContain(`/tx/${gift?.lt}:${gift?.hash}`)
})

test('search finds addresses in any form, transactions, messages and logical times', async () => {
  const { open, chain, ton } = await setupExplorer()
  const boc = wallet.sign(0, [{ to: addressOf(1), value: 1n }], chain.nowS() + 60)
  await chain.faucet(wallet.address, toNano(5))
  const answer = await fetch(`${ton.url}/api/v3/message`, { method: 'POST', body: JSON.stringify({ boc }) })
  const { message_hash_norm } = (await answer.json()) as { message_hash_norm: string }
  const sent = (await chain.listTransactions(wallet.address, '0', 10)).at(-1)
  const search = async (text: string) => (await open(`/search?q=${encodeURIComponent(text)}`)).url
  for (const text of [
    wallet.address,
    wallet.contract.address.toString(),
    ` ${wallet.address.toUpperCase()} `,
  ]) {
    expect(decodeURIComponent(await search(text))).toBe(`/address/${wallet.address}`)
  }
  const path = `/tx/${sent?.lt}:${sent?.hash}`
  for (const text of [sent?.hash ?? '', `${sent?.lt}:${sent?.hash}`, sent?.lt ?? '', message_hash_norm]) {
    expect(decodeURIComponent(await search(text)), text).toBe(path)
  }
  expect(await search('')).toBe('/')
})

test('what is not there is said plainly, and what was typed is not run', async () => {
  const { open } = await setupExplorer()
  for (const path of [
    '/address/nobody',
    '/tx/1:00',
    '/tx/x',
    '/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  ]) {
    const { status, page } = await open(path)
    expect([path, status]).toEqual([path, 404])
    expect(page).toContain('Nothing here is called')
    expect(page).not.toContain('<script>alert')
  }
  expect((await open('/package.json')).status).toBe(404)
  expect((await open('/nothing.js')).status).toBe(404)
})
