import { Hono } from 'hono'
import {
  type EscrowJson,
  type RegisterEscrowRequest,
  registerEscrowRequestSchema,
  voucherRequestSchema,
} from '../../../protocol/src/escrow/escrows.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import type { AcceptVoucherResult } from './accept-voucher.ts'
import { refuseEscrow } from './escrow-errors.ts'
import type { Escrow } from './escrow-store.ts'
import type { RegisterEscrowResult } from './register-escrow.ts'

export type EscrowRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly registerEscrow: (
    accountId: number,
    request: RegisterEscrowRequest,
  ) => Promise<RegisterEscrowResult>
  readonly acceptVoucher: (voucher: {
    readonly accountId: number
    readonly address: string
    readonly cumulative: Nano
    readonly signature: string
  }) => Promise<AcceptVoucherResult>
  readonly listEscrows: (accountId: number) => Promise<readonly Escrow[]>
}

const NO_STORE = { 'cache-control': 'no-store' }

/**
 * Contracts that an account pays from instead of depositing. An API key will do: a program that spends also signs
 * vouchers, and what counts is the session key's signature. Another's escrow answers as one that does not exist.
 */
export function escrowRoute(deps: EscrowRouteDeps): Hono {
  return new Hono()
    .get('/v1/escrows', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const escrows = await deps.listEscrows(who.caller.accountId)
      return c.json({ data: escrows.map(toJson) }, 200, NO_STORE)
    })
    .post('/v1/escrows', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, registerEscrowRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const registered = await deps.registerEscrow(who.caller.accountId, body.data)
      if (!registered.ok) return refuseEscrow(registered.reason)
      return c.json(toJson(registered.escrow), 200, NO_STORE)
    })
    .post('/v1/escrows/:address/vouchers', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, voucherRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const accepted = await deps.acceptVoucher({
        accountId: who.caller.accountId,
        address: c.req.param('address'),
        cumulative: body.data.cumulative_nano,
        signature: body.data.signature,
      })
      if (!accepted.ok) return refuseEscrow(accepted.reason)
      return c.json(toJson(accepted.escrow), 200, NO_STORE)
    })
}

function toJson(escrow: Escrow): EscrowJson {
  return {
    address: escrow.address,
    session_key: escrow.sessionKey,
    allowed_nano: escrow.allowed.toString(),
    collected_nano: escrow.collected.toString(),
    created_at: Math.floor(escrow.createdAt / 1000),
  }
}
