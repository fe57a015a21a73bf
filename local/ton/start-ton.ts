import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { toNano } from '@ton/core'
import { createDevWallet, NETWORK, type WalletAccount } from './dev-wallet.ts'
import { createSandboxChain, type SandboxChain } from './sandbox-chain.ts'
import { createTonApp } from './ton-server.ts'
import { openTonState } from './ton-state.ts'

export type TonOptions = {
  readonly port?: number // 0 or missing: any free one
  readonly stateFile?: string // nothing survives without it; transactions lie beside it in `<stateFile>.log`
  readonly nowMs?: () => number // the wall clock when missing
  readonly faultSeed?: number
}

export type TonHandle = {
  readonly url: string // the explorer; `${url}/api/v2`, `${url}/api/v3` and `${url}/wallet.js` are what programs use
  readonly network: typeof NETWORK
  readonly chain: SandboxChain
  readonly wallet: WalletAccount // the development wallet
  readonly close: () => Promise<void>
}

/** What the development wallet has at its first start. */
export const WALLET_START_NANO = toNano(1000)

/** Starts a TON network on 127.0.0.1. Its time is the wall clock's plus what `/time` added. */
export async function startTon(options: TonOptions = {}): Promise<TonHandle> {
  const nowMs = options.nowMs ?? Date.now
  const chain = await createSandboxChain({
    nowS: () => nowMs() / 1000,
    ...(options.faultSeed === undefined ? {} : { faultSeed: options.faultSeed }),
  })
  const file = options.stateFile === undefined ? undefined : openTonState(options.stateFile)
  const earlier = file?.load()
  if (earlier) await chain.restore(earlier.chain)
  const walletSeed = earlier?.walletSeed ?? randomBytes(32).toString('hex')
  const wallet = createDevWallet(chain, { seed: Buffer.from(walletSeed, 'hex'), nowMs })
  const save = () => file?.save({ walletSeed, chain: chain.snapshot() })
  const unlisten = chain.onChange(save) // before a sender hears "ok", so that a kill forgets nothing it promised
  if (!earlier) await chain.faucet(wallet.account.address, WALLET_START_NANO)

  const listening = Promise.withResolvers<AddressInfo>()
  const http = serve(
    {
      fetch: createTonApp(chain, wallet).fetch,
      port: options.port ?? 0,
      hostname: '127.0.0.1',
      overrideGlobalObjects: false,
    },
    listening.resolve,
  )
  http.once('error', listening.reject)
  const { port } = await listening.promise
  return {
    url: `http://127.0.0.1:${port}`,
    network: NETWORK,
    chain,
    wallet: wallet.account,
    close: async () => {
      unlisten()
      const closed = Promise.withResolvers<void>()
      http.close(() => closed.resolve())
      if ('closeAllConnections' in http) http.closeAllConnections()
      await closed.promise
      save()
    },
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8082' }, state: { type: 'string' } },
  })
  const ton = await startTon({
    port: Number(values.port),
    ...(values.state ? { stateFile: values.state } : {}),
  })
  console.log(`Local TON: ${ton.url}`)
  const stop = () => void ton.close().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
