import { Hono } from 'hono'
import {
  type CreatedKey,
  createKeyRequestSchema,
  type Key,
  updateKeyRequestSchema,
} from '../../../protocol/src/accounts/api-keys.ts'
import type { PairingCodeResponse } from '../../../protocol/src/accounts/runners.ts'
import {
  type BalanceResponse,
  type SessionResponse,
  sessionRequestSchema,
} from '../../../protocol/src/accounts/session.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import { type AccountReason, refuseAccount } from './account-errors.ts'
import type { ApiKey, ApiKeyChange } from './api-key-store.ts'
import type { Authenticated } from './authenticate.ts'
import { readBody } from './read-body.ts'
import type { TelegramLogin } from './telegram-login.ts'

export type Balance = { readonly available: Nano; readonly held: Nano }

export type AccountsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly checkInitData: (initData: string) => Promise<TelegramLogin>
  /** Makes the account, with the welcome credit, at a person's first login. */
  readonly findOrCreateAccount: (telegramId: number) => Promise<{ readonly id: number }>
  readonly signSession: (session: {
    accountId: number
    telegramId: number
  }) => Promise<{ readonly token: string; readonly expiresAtMs: number }>
  readonly readBalance: (accountId: number) => Promise<Balance | undefined>
  readonly createApiKey: (input: {
    accountId: number
    name: string
    limitDay: Nano | null
    limitMonth: Nano | null
  }) => Promise<
    | { readonly ok: true; readonly key: string; readonly apiKey: ApiKey }
    | { readonly ok: false; readonly reason: 'too-many-keys' | 'account-gone' }
  >
  readonly listApiKeys: (accountId: number) => Promise<readonly ApiKey[]>
  readonly updateApiKey: (input: {
    accountId: number
    keyId: number
    change: ApiKeyChange
  }) => Promise<ApiKey | undefined>
  readonly revokeApiKey: (input: { accountId: number; keyId: number }) => Promise<boolean>
  readonly createPairingCode: (
    accountId: number,
  ) => Promise<
    | { readonly ok: true; readonly id: string; readonly code: string; readonly expiresAtMs: number }
    | { readonly ok: false; readonly reason: 'account-gone' }
  >
  /** The command that an owner types on the GPU's machine. `origin` is the address this request came to. */
  readonly pairingCommand: (input: { code: string; origin: string }) => string
}

const NO_STORE = { 'cache-control': 'no-store' }
const INIT_DATA_REASONS = {
  forged: 'forged-init-data',
  expired: 'expired-init-data',
  'not-yet-valid': 'not-yet-valid-init-data',
  malformed: 'malformed-init-data',
} as const satisfies Record<Extract<TelegramLogin, { ok: false }>['reason'], AccountReason>

/** Sessions, balances, API keys and pairing codes. */
export function accountsRoute(deps: AccountsRouteDeps): Hono {
  const authenticateSession = async (authorization: string | undefined) => {
    const who = await deps.authenticate(authorization)
    if (!who.ok) return who
    const reason = 'session-needed' as const
    return who.caller.keyId === undefined ? who : { ok: false as const, reason }
  }

  return new Hono()
    .post('/v1/session', async (c) => {
      const body = await readBody(c.req.raw, sessionRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const login = await deps.checkInitData(body.data.init_data)
      if (!login.ok) return refuseAccount(INIT_DATA_REASONS[login.reason], { param: 'init_data' })
      const { id } = await deps.findOrCreateAccount(login.telegramId)
      const [session, balance] = await Promise.all([
        deps.signSession({ accountId: id, telegramId: login.telegramId }),
        deps.readBalance(id),
      ])
      if (!balance) return refuseAccount('account-gone')
      const answer: SessionResponse = {
        token: session.token,
        expires_at: toSeconds(session.expiresAtMs),
        account: { id, ...toBalance(balance) },
      }
      return c.json(answer, 200, NO_STORE)
    })
    .get('/v1/keys', async (c) => {
      const who = await authenticateSession(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const keys = await deps.listApiKeys(who.caller.accountId)
      return c.json({ data: keys.map(toKey) }, 200, NO_STORE)
    })
    .post('/v1/keys', async (c) => {
      const who = await authenticateSession(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, createKeyRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const { name, limit_day_nano: limitDay = null, limit_month_nano: limitMonth = null } = body.data
      const { accountId } = who.caller
      const made = await deps.createApiKey({ accountId, name, limitDay, limitMonth })
      if (!made.ok) return refuseAccount(made.reason)
      const answer: CreatedKey = { ...toKey(made.apiKey), key: made.key }
      return c.json(answer, 201, NO_STORE)
    })
    .patch('/v1/keys/:id', async (c) => {
      const who = await authenticateSession(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, updateKeyRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const keyId = parseKeyId(c.req.param('id'))
      const { name, limit_day_nano: limitDay, limit_month_nano: limitMonth } = body.data
      const { accountId } = who.caller
      const key =
        keyId && (await deps.updateApiKey({ accountId, keyId, change: { name, limitDay, limitMonth } }))
      return key ? c.json(toKey(key), 200, NO_STORE) : refuseAccount('key-not-found')
    })
    .delete('/v1/keys/:id', async (c) => {
      const who = await authenticateSession(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const keyId = parseKeyId(c.req.param('id'))
      const revoked = keyId && (await deps.revokeApiKey({ accountId: who.caller.accountId, keyId }))
      return revoked ? c.json({ id: keyId, deleted: true }, 200, NO_STORE) : refuseAccount('key-not-found')
    })
    .post('/v1/pairing-codes', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const made = await deps.createPairingCode(who.caller.accountId)
      if (!made.ok) return refuseAccount(made.reason)
      const { origin } = new URL(c.req.url)
      const answer: PairingCodeResponse = {
        id: made.id,
        code: made.code,
        expires_at: toSeconds(made.expiresAtMs),
        command: deps.pairingCommand({ code: made.code, origin }),
      }
      return c.json(answer, 201, NO_STORE)
    })
}

function toBalance({ available, held }: Balance): BalanceResponse {
  return { available_nano: available.toString(), held_nano: held.toString() }
}

function toKey(key: ApiKey): Key {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    limit_day_nano: key.limitDay?.toString() ?? null,
    limit_month_nano: key.limitMonth?.toString() ?? null,
    held_nano: key.held.toString(),
    spent_nano: key.spent.toString(),
    spent_day_nano: key.spentDay.toString(),
    spent_month_nano: key.spentMonth.toString(),
    created_at: toSeconds(key.createdAt),
    last_used_at: key.lastUsedAt === null ? null : toSeconds(key.lastUsedAt),
  }
}

function parseKeyId(text: string): number | undefined {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
