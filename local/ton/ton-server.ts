import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { controlRoute } from './control-route.ts'
import type { DevWallet } from './dev-wallet.ts'
import { explorerRoute } from './explorer-route.ts'
import { localOnly } from './local-only.ts'
import type { SandboxChain } from './sandbox-chain.ts'
import { toncenterV2Route, toncenterV3Route } from './toncenter-route.ts'
import { walletRoute } from './wallet-route.ts'

/** Everything the local TON answers: the two APIs of toncenter, the controls, the wallet, the explorer. */
export function createTonApp(chain: SandboxChain, wallet: DevWallet): Hono {
  const app = new Hono()
  app.use(localOnly)
  app.use(cors())
  app.route('/api/v2', toncenterV2Route(chain))
  app.route('/api/v3', toncenterV3Route(chain))
  app.route('/wallet', walletRoute(chain, wallet))
  app.route('/', controlRoute(chain))
  app.route('/', explorerRoute(chain, wallet))
  app.notFound((c) => c.json({ ok: false, error: 'Not Found', code: 404 }, 404))
  return app
}
