import { Hono } from 'hono'
import type { TonJson } from '../../../protocol/src/wallets/ton.ts'

export type TonConnectRouteDeps = {
  /** The address that people use; undefined: the one that the request came to. */
  readonly publicUrl: string | undefined
  /** `-239` the main network, `-3` the test network. */
  readonly tonNetwork: string
  /** A page of the chain that shows `<url>/tx/<lt>:<hash>` and `<url>/address/<address>`; without a slash at its end. */
  readonly explorerUrl: string | undefined
  /** A list of wallets in TON Connect's form, instead of the public one. */
  readonly walletsListUrl: string | undefined
  /** A script that brings a wallet into the page. For networks on one machine; never given on the main network. */
  readonly walletScriptUrl: string | undefined
}

const MAIN_NETWORK = '-239'
const ANYONE = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' }

/** What wallets and the Mini App need to find each other. */
export function tonConnectRoute(deps: TonConnectRouteDeps): Hono {
  return (
    new Hono()
      // A plain public GET: wallets fetch it from their own servers and apps.
      .get('/tonconnect-manifest.json', (c) => {
        const url = deps.publicUrl ?? new URL(c.req.url).origin
        return c.json({ url, name: 'Sharnaqa', iconUrl: `${url}/mark.png` }, 200, ANYONE)
      })
      .get('/v1/ton', (c) => {
        const isMain = deps.tonNetwork === MAIN_NETWORK
        const answer: TonJson = {
          network: deps.tonNetwork,
          explorer_url: deps.explorerUrl ?? null,
          wallets_list_url: deps.walletsListUrl ?? null,
          wallet_script_url: isMain ? null : (deps.walletScriptUrl ?? null),
        }
        return c.json(answer, 200, ANYONE)
      })
  )
}
