import { Hono } from 'hono'
import { z } from 'zod'
import { type DevWallet, WALLET_ERROR } from './dev-wallet.ts'
import type { SandboxChain } from './sandbox-chain.ts'

const proofSchema = z.object({ domain: z.string().min(1).max(253), payload: z.string().min(1).max(2048) })

/** `/wallet/*`: what the script of the development wallet asks for. Refusals carry TON Connect's numbers. */
export function walletRoute(chain: SandboxChain, wallet: DevWallet): Hono {
  const route = new Hono()
  route.get('/account', async (c) =>
    c.json({ ...wallet.account, balance: String(await chain.balance(wallet.account.address)) }),
  )
  route.post('/proof', async (c) => {
    const read = proofSchema.safeParse(await c.req.json().catch(() => undefined))
    if (!read.success) {
      return c.json({ ok: false, code: WALLET_ERROR.badRequest, message: 'The proof has no payload.' })
    }
    return c.json({ ok: true, proof: wallet.signProof(read.data.domain, read.data.payload) })
  })
  route.post('/preview', async (c) => c.json(await wallet.preview(await c.req.json().catch(() => undefined))))
  route.post('/send', async (c) => c.json(await wallet.send(await c.req.json().catch(() => undefined))))
  return route
}
