import { Hono } from 'hono'
import type { OwnedRunnerJson } from '../../../protocol/src/accounts/runners.ts'
import { type UpdateRunnerJson, updateRunnerSchema } from '../../../protocol/src/miniapp/runners.ts'
import { type PairRequest, pairRequestSchema } from '../../../protocol/src/runner/pairing.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { readBody } from '../accounts/read-body.ts'
import type { RunnerAudience } from '../dispatch/audience.ts'
import { refuseGroup } from '../groups/group-errors.ts'
import type { SetAudienceResult } from './audience-store.ts'
import type { CheckedPairing } from './check-pairing.ts'
import type { GuessLimit } from './guess-limit.ts'
import { refuseRunner } from './runner-errors.ts'
import type { OwnedRunner, PairResult, RunnerState } from './runner-store.ts'

type OwnRunner = { readonly accountId: number; readonly runnerId: string }

export type RunnersRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly guessLimit: GuessLimit
  readonly checkPairing: (request: PairRequest) => Promise<CheckedPairing>
  readonly pairRunner: (pairing: Extract<CheckedPairing, { ok: true }>) => Promise<PairResult>
  readonly listRunners: (accountId: number) => Promise<readonly OwnedRunner[]>
  /** What is live now: a runner that is absent from the map is offline. */
  readonly findLiveModels: (runnerIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  readonly renameRunner: (own: OwnRunner, name: string) => Promise<boolean>
  /** Writes whose jobs it takes, and has its links obey at once. */
  readonly setRunnerAudience: (own: OwnRunner, audience: RunnerAudience) => Promise<SetAudienceResult>
  /** Writes the state, and tells the live side, which gives a paused or removed runner no more jobs. */
  readonly setRunnerState: (own: OwnRunner, state: RunnerState) => Promise<boolean>
}

const NO_STORE = { 'cache-control': 'no-store' }

/** Pairing, and what an owner does with runners. Another's runner answers as one that does not exist. */
export function runnersRoute(deps: RunnersRouteDeps): Hono {
  const findOwned = async (accountId: number, runnerId: string): Promise<OwnedRunnerJson | undefined> => {
    const runners = await deps.listRunners(accountId)
    const [runner] = await withLiveModels(runners.filter((one) => one.runnerId === runnerId))
    return runner
  }
  /** A key that leaked must not take an owner's runners away: changing them needs a session. */
  const authenticateOwner = async (authorization: string | undefined) => {
    const who = await deps.authenticate(authorization)
    const reason = 'session-needed' as const
    return who.ok && who.caller.keyId !== undefined ? { ok: false as const, reason } : who
  }
  const withLiveModels = async (runners: readonly OwnedRunner[]): Promise<OwnedRunnerJson[]> => {
    const live = await deps.findLiveModels(runners.map(({ runnerId }) => runnerId))
    return runners.map((runner) => toOwnedRunner(runner, live.get(runner.runnerId)))
  }

  return new Hono()
    .post('/v1/runners/pair', async (c) => {
      const address = c.req.header('cf-connecting-ip') ?? 'unknown'
      const guess = deps.guessLimit.take(address)
      if (!guess.allowed) {
        const refusal = refuseRunner('too-many-guesses')
        refusal.headers.set('retry-after', String(guess.retryAfterSeconds))
        return refusal
      }
      const body = await readBody(c.req.raw, pairRequestSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const checked = await deps.checkPairing(body.data)
      if (!checked.ok) return refuseRunner(checked.reason, { param: 'signature' })
      const paired = await deps.pairRunner(checked)
      if (!paired.ok) return refuseRunner(paired.reason, { param: 'code' })
      deps.guessLimit.giveBack(address)
      return c.json({ runnerId: paired.runnerId, name: paired.name }, 200, NO_STORE)
    })
    .get('/v1/runners', async (c) => {
      const who = await deps.authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const runners = await deps.listRunners(who.caller.accountId)
      return c.json({ data: await withLiveModels(runners) }, 200, NO_STORE)
    })
    .patch('/v1/runners/:id', async (c) => {
      const who = await authenticateOwner(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const body = await readBody(c.req.raw, updateRunnerSchema)
      if (!body.ok) return refuseAccount(body.reason, body.detail)
      const own = { accountId: who.caller.accountId, runnerId: c.req.param('id') }
      const audience = readAudience(body.data)
      if (audience === 'wrong') return refuseAccount('wrong-field', WRONG_GROUP)
      if (audience !== undefined) {
        const set = await deps.setRunnerAudience(own, audience)
        if (!set.ok && set.reason === 'group-not-found') return refuseGroup(set.reason, { param: 'group_id' })
        if (!set.ok) return refuseRunner('runner-not-found')
      }
      if (body.data.name !== undefined && !(await deps.renameRunner(own, body.data.name))) {
        return refuseRunner('runner-not-found')
      }
      if (body.data.state !== undefined && !(await deps.setRunnerState(own, body.data.state))) {
        return refuseRunner('runner-not-found')
      }
      const runner = await findOwned(own.accountId, own.runnerId)
      return runner ? c.json(runner, 200, NO_STORE) : refuseRunner('runner-not-found')
    })
    .delete('/v1/runners/:id', async (c) => {
      const who = await authenticateOwner(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const own = { accountId: who.caller.accountId, runnerId: c.req.param('id') }
      const removed = await deps.setRunnerState(own, 'removed')
      return removed
        ? c.json({ id: own.runnerId, deleted: true }, 200, NO_STORE)
        : refuseRunner('runner-not-found')
    })
}

const WRONG_GROUP = {
  param: 'group_id',
  message: "group_id: Send it with audience 'group', and with no other.",
}

/** Whose jobs a runner shall take; undefined: as before. A group is named exactly when it is one. */
function readAudience({
  audience,
  group_id: groupId,
}: UpdateRunnerJson): RunnerAudience | 'wrong' | undefined {
  if ((audience === 'group') !== (groupId !== undefined)) return 'wrong'
  if (audience === undefined) return undefined
  return groupId === undefined ? { audience } : { audience, groupId }
}

function toOwnedRunner(runner: OwnedRunner, models: readonly string[] | undefined): OwnedRunnerJson {
  return {
    id: runner.runnerId,
    name: runner.name,
    state: runner.state === 'paused' ? 'paused' : 'active',
    online: models !== undefined,
    models: [...(models ?? [])],
    earned_nano: runner.earned.toString(),
    earned_today_nano: runner.earnedToday.toString(),
    created_at: Math.floor(runner.createdAt / 1000),
  }
}
