import { type Context, Hono } from 'hono'
import { setAskSchema } from '../../../protocol/src/miniapp/runners.ts'
import { modelIdSchema } from '../../../protocol/src/model-manifest.ts'
import { type Ask, askSchema } from '../../../protocol/src/runner/up.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import { authenticateSession } from '../wallets/authenticate-session.ts'
import type { OwnerAsk, SetAskResult } from './ask-store.ts'
import { refuseRunner } from './runner-errors.ts'
import { toAskJson } from './to-fleet-json.ts'

type OwnRunner = { readonly accountId: number; readonly runnerId: string }

export type AsksRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** Writes the price, and tells the live side: the runner's next job has it. */
  readonly setAsk: (own: OwnRunner, price: OwnerAsk) => Promise<SetAskResult>
  /** The same, back to the runner's own price. False when the account has no such runner. */
  readonly deleteAsk: (own: OwnRunner, model: string) => Promise<boolean>
}

const NO_STORE = { 'cache-control': 'no-store' }
/** A model's name can have slashes. */
const PATH = '/v1/runners/:id/asks/:model{.+}'

/** `PUT` and `DELETE /v1/runners/:id/asks/:model`: what an owner asks for a model, instead of the runner's own settings. */
export function asksRoute(deps: AsksRouteDeps): Hono {
  const readCall = async (c: Context) => {
    const who = await authenticateSession(deps.authenticate, c.req.header('authorization'))
    if (!who.ok) return { ok: false as const, refusal: refuseAccount(who.reason) }
    const model = modelIdSchema.safeParse(c.req.param('model'))
    if (!model.success)
      return { ok: false as const, refusal: refuseAccount('wrong-field', { param: 'model' }) }
    const own = { accountId: who.caller.accountId, runnerId: c.req.param('id') ?? '' }
    return { ok: true as const, own, model: model.data }
  }

  return new Hono()
    .put(PATH, async (c) => {
      const call = await readCall(c)
      if (!call.ok) return call.refusal
      const body = await readBody(c.req.raw, setAskSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const asked = readAsk(body.data)
      if (!asked.ok) return refuseAccount('wrong-field', asked.detail)
      const { ask } = asked
      const set = await deps.setAsk(call.own, { model: call.model, ask })
      if (!set.ok) return refuseRunner(set.reason)
      return c.json({ model: call.model, ask: toAskJson(ask), ask_by: 'owner' }, 200, NO_STORE)
    })
    .delete(PATH, async (c) => {
      const call = await readCall(c)
      if (!call.ok) return call.refusal
      if (!(await deps.deleteAsk(call.own, call.model))) return refuseRunner('runner-not-found')
      return c.json({ model: call.model, deleted: true }, 200, NO_STORE)
    })
}

/** The bounds are those of a runner's own prices. */
function readAsk(text: { readonly input: string; readonly output: string }) {
  const parsed = askSchema.safeParse({ input: Number(text.input), output: Number(text.output) })
  if (parsed.success) return { ok: true as const, ask: parsed.data satisfies Ask }
  const param = parsed.error.issues[0]?.path.map(String).join('.')
  return {
    ok: false as const,
    detail: { param, message: 'A price is at most 1000 TON per 1,000,000 tokens.' },
  }
}
