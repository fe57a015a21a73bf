import { Hono } from 'hono'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { OwnSupply } from '../dispatch/own-supply.ts'
import { mayHaveOwn, toChoices } from './choices.ts'
import type { ListedModel } from './model-directory.ts'
import type { Model } from './model-store.ts'

export type ChoicesRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly listModels: () => Promise<readonly ListedModel[]>
  /** Groups that an account owns or is in. */
  readonly listGroupIds: (accountId: number) => Promise<readonly string[]>
  readonly readOwnSupply: (model: Model, accountId: number, groupIds: readonly string[]) => Promise<OwnSupply>
}

/** `GET /v1/choices`: the models and tiers that the caller can use now, and what they cost. */
export function choicesRoute({
  authenticate,
  listModels,
  listGroupIds,
  readOwnSupply,
}: ChoicesRouteDeps): Hono {
  return new Hono().get('/v1/choices', async (c) => {
    const who = await authenticate(c.req.header('authorization'))
    if (!who.ok) return refuseAccount(who.reason)
    const { accountId } = who.caller
    const [listed, groupIds] = await Promise.all([listModels(), listGroupIds(accountId)])
    // Only where somebody's runner is that may be the caller's: the others are not asked.
    const supplies = listed.map(async (one) => ({
      ...one,
      own: mayHaveOwn(one, accountId, groupIds)
        ? await readOwnSupply(one.model, accountId, groupIds)
        : undefined,
    }))
    return c.json(toChoices(await Promise.all(supplies)), 200, { 'cache-control': 'no-store' })
  })
}
