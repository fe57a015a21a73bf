import { toNano } from '@ton/core'
import { Hono } from 'hono'
import { z } from 'zod'
import { CHAIN_FAULT_TYPES, type ChainFault } from './chain-faults.ts'
import { parseAddress } from './read-params.ts'
import type { SandboxChain } from './sandbox-chain.ts'

const FAUCET_MAX = toNano(1_000_000)
const JUMP_MAX_S = 10 * 366 * 24 * 3600

const faucetSchema = z.object({
  to: z.string(),
  amount: z.union([z.string().regex(/^\d{1,9}(?:\.\d{1,9})?$/), z.number().positive()]).default('10'),
})
const timeSchema = z.object({ advanceSeconds: z.number().int().min(0).max(JUMP_MAX_S) })
const faultSchema = z.object({
  type: z.enum(CHAIN_FAULT_TYPES),
  share: z.number().min(0).max(1).optional(),
  times: z.number().int().positive().optional(),
  transactions: z.number().int().positive().optional(),
})

/**
 * What only a local chain can do: `POST /faucet {to, amount}` (TON), `POST /time {advanceSeconds}`,
 * `POST /fault {type, …}`, `DELETE /fault`, and what is now: `GET /time`, `GET /fault`, `GET /supply`.
 */
export function controlRoute(chain: SandboxChain): Hono {
  const route = new Hono()
  route.post('/faucet', async (c) => {
    const read = faucetSchema.safeParse(await c.req.json().catch(() => undefined))
    if (!read.success) return c.json({ ok: false, reason: 'bad-request' }, 400)
    const to = parseAddress(read.data.to)
    if (!to) return c.json({ ok: false, reason: 'bad-address' }, 400)
    const amount = readTon(read.data.amount)
    if (amount === undefined || amount <= 0n || amount > FAUCET_MAX) {
      return c.json({ ok: false, reason: 'bad-amount' }, 400)
    }
    const { lt, hash, account } = await chain.faucet(to.toRawString(), amount)
    return c.json({ ok: true, lt: String(lt), hash, account })
  })
  route.get('/time', (c) => c.json({ ok: true, nowS: chain.nowS() }))
  route.post('/time', async (c) => {
    const read = timeSchema.safeParse(await c.req.json().catch(() => undefined))
    if (!read.success) return c.json({ ok: false, reason: 'bad-request' }, 400)
    chain.advance(read.data.advanceSeconds)
    return c.json({ ok: true, nowS: chain.nowS() })
  })
  route.get('/fault', (c) => c.json({ ok: true, faults: chain.faults() }))
  route.post('/fault', async (c) => {
    const read = faultSchema.safeParse(await c.req.json().catch(() => undefined))
    if (!read.success) return c.json({ ok: false, reason: 'bad-request' }, 400)
    chain.addFault(read.data as ChainFault)
    return c.json({ ok: true, faults: chain.faults() })
  })
  route.delete('/fault', (c) => {
    chain.clearFaults()
    return c.json({ ok: true, faults: [] })
  })
  route.get('/supply', async (c) => {
    const { minted, balances, fees } = await chain.supply()
    return c.json({ ok: true, minted: String(minted), balances: String(balances), fees: String(fees) })
  })
  return route
}

function readTon(amount: string | number): bigint | undefined {
  try {
    return toNano(amount)
  } catch {
    return undefined // more than nine digits after the point
  }
}
