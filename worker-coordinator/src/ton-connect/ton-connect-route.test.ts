import { expect, test } from 'vitest'
import { type TonConnectRouteDeps, tonConnectRoute } from './ton-connect-route.ts'

const LOCAL: TonConnectRouteDeps = {
  publicUrl: undefined,
  tonNetwork: '-3',
  explorerUrl: 'http://127.0.0.1:8082',
  walletsListUrl: 'http://127.0.0.1:8082/wallets.json',
  walletScriptUrl: 'http://127.0.0.1:8082/wallet.js',
}
const ask = async (deps: TonConnectRouteDeps, path: string) => {
  const reply = await tonConnectRoute(deps).request(`https://net.example${path}`)
  return { reply, json: await reply.json() }
}

test('the manifest is public, and names the address that people use', async () => {
  const { reply, json } = await ask(LOCAL, '/tonconnect-manifest.json')
  expect(json).toEqual({
    url: 'https://net.example',
    name: 'Sharnaqa',
    iconUrl: 'https://net.example/mark.png',
  })
  expect(reply.headers.get('access-control-allow-origin')).toBe('*')
  const named = await ask({ ...LOCAL, publicUrl: 'https://sharnaqa.example' }, '/tonconnect-manifest.json')
  expect(named.json).toMatchObject({ url: 'https://sharnaqa.example' })
})

test('a wallet on this machine is offered to the page on a test network', async () => {
  const { json } = await ask(LOCAL, '/v1/ton')
  expect(json).toMatchObject({ network: '-3', wallet_script_url: 'http://127.0.0.1:8082/wallet.js' })
})

test('no script from elsewhere reaches a page of the main network', async () => {
  const { json } = await ask({ ...LOCAL, tonNetwork: '-239' }, '/v1/ton')
  expect(json).toMatchObject({ network: '-239', wallet_script_url: null })
})
