import { makeJobId } from '../../protocol/src/ids.ts'
import { parseNano } from '../../protocol/src/money.ts'
import type { Ask } from '../../protocol/src/runner/up.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from './accounts/account-id.ts'
import { deleteAccount, findOrCreateAccount, readBalance } from './accounts/account-store.ts'
import { API_KEY_BYTES } from './accounts/api-key.ts'
import {
  type ApiKeyChange,
  createApiKey,
  findKeyByHash,
  listApiKeys,
  revokeApiKey,
  updateApiKey,
} from './accounts/api-key-store.ts'
import { createAuthenticator } from './accounts/authenticate.ts'
import { createRateLimit } from './accounts/rate-limit.ts'
import { signSession, verifySession } from './accounts/session.ts'
import { checkInitData } from './accounts/telegram-login.ts'
import type { RunnerAudience } from './dispatch/audience.ts'
import type { ChatStart, EmbeddingOutcome } from './dispatch/dispatch-object.ts'
import type { AnswerFormat } from './dispatch/frame-writer.ts'
import { createLiveRunners } from './dispatch/live-runners.ts'
import { mergeOwnSupply } from './dispatch/own-supply.ts'
import { routeJob } from './dispatch/route-job.ts'
import { routeSealed } from './dispatch/route-sealed.ts'
import { mergeSnapshots, objectName, shardOf } from './dispatch/shards.ts'
import { listGroupIds } from './groups/group-store.ts'
import type { ChatJob, EmbeddingJob, SealedJob } from './jobs/chat-job.ts'
import { listOpenJobs, readJob, voidJob } from './jobs/job-store.ts'
import { listRequests } from './jobs/request-log-store.ts'
import { connectDb, pingDatabase, readLedgerAudit } from './ledger/ledger-store.ts'
import { createKnownModels } from './models/known-models.ts'
import { createModelDirectory } from './models/model-directory.ts'
import { findModel, listModels, type Model } from './models/model-store.ts'
import { createLiveNetwork } from './network/live-network-reader.ts'
import { countJobsLastMinute, readOwnersToday } from './network/live-network-store.ts'
import { logToConsole } from './platform/log.ts'
import { listReachableRunners, setRunnerAudience } from './runners/audience-store.ts'
import { checkPairing } from './runners/check-pairing.ts'
import { createGuessLimit } from './runners/guess-limit.ts'
import { PAIRING_CODE_BYTES } from './runners/pairing.ts'
import {
  createPairingCode,
  findRunner,
  listRunners,
  pairRunner,
  type RunnerState,
  renameRunner,
  setRunnerState,
} from './runners/runner-store.ts'
import type { ReadSealedSupply } from './sealed/read-directory.ts'

/** How old the live figures of models may be that are shown, in ms. */
const DIRECTORY_CACHE_MS = 2_000
/** How long a catalog entry is believed on a chat's path, in ms. */
const MODEL_CACHE_MS = 60_000
const REQUESTS_PER_MINUTE = 6_000

export type Deps = ReturnType<typeof makeDeps>

const made = new WeakMap<Cloudflare.Env, Deps>()

/** The functions of this coordinator. The only place where `env` becomes functions; made once per isolate. */
export function createDeps(env: Cloudflare.Env): Deps {
  const deps = made.get(env) ?? makeDeps(env)
  made.set(env, deps)
  return deps
}

function makeDeps(env: Cloudflare.Env) {
  const db = connectDb(env.DB)
  const nowMs = Date.now
  const dispatchOf = (model: string, shard: number) => env.DISPATCH.getByName(objectName(model, shard))
  const allShards = ({ id, shards }: Model) =>
    Array.from({ length: shards }, (_, shard) => dispatchOf(id, shard))
  const directory = {
    listModels: () => listModels(db),
    snapshot: async (model: Model) =>
      mergeSnapshots(await Promise.all(allShards(model).map((one) => one.snapshot()))),
    nowMs,
  }
  const listed = createModelDirectory({ ...directory, cacheMs: DIRECTORY_CACHE_MS })
  const { findLiveModels, reloadAudiences, closeRunners } = createLiveRunners({
    listModels: listed,
    listModelsNow: createModelDirectory({ ...directory, cacheMs: 0 }),
    objectsOf: allShards,
  })
  const findKnownModel = createKnownModels({
    findModel: (id) => findModel(db, id),
    nowMs,
    cacheMs: MODEL_CACHE_MS,
  })
  /** Where a runner's link for a model stands. A model that it brings for the first time begins with one shard. */
  const objectOfRunner = async (runnerId: string, modelId: string) => {
    const model = await findKnownModel(modelId)
    return dispatchOf(modelId, shardOf(runnerId, model?.shards ?? 1))
  }
  const routeDeps = {
    findModel: findKnownModel,
    listGroupIds: (accountId: number) => listGroupIds(db, accountId),
    listReachableRunners: (accountId: number, groupIds: readonly string[]) =>
      listReachableRunners(db, accountId, groupIds),
  }
  type OwnRunner = { readonly accountId: number; readonly runnerId: string }

  return {
    nowMs,
    log: logToConsole,
    newJobId: () => makeJobId(nowMs(), randomBytes(16)),

    authenticate: createAuthenticator({
      findKeyByHash: (hash) => findKeyByHash(db, hash),
      verifySession: (token) => verifySession(env.SESSION_KEY, token, nowMs()),
      nowMs,
    }),
    takeRequest: createRateLimit({ perMinute: REQUESTS_PER_MINUTE, nowMs }),
    checkInitData: (initData: string) => checkInitData(env.BOT_TOKEN, initData, nowMs()),
    signSession: (session: { accountId: number; telegramId: number }) =>
      signSession(env.SESSION_KEY, session, nowMs()),
    findOrCreateAccount: (telegramId: number) =>
      findOrCreateAccount(db, {
        telegramId,
        nowMs: nowMs(),
        welcome: readAmount('WELCOME_CREDIT_NANO', env.WELCOME_CREDIT_NANO),
        newId: () => makeAccountId(randomBytes(ACCOUNT_ID_BYTES)),
      }),
    readBalance: (accountId: number) => readBalance(db, accountId),
    deleteAccount: async (accountId: number): Promise<void> => {
      const { removedRunnerIds, unsharedRunnerIds } = await deleteAccount(db, accountId, nowMs())
      await closeRunners(removedRunnerIds, 'unknown-runner')
      await reloadAudiences(unsharedRunnerIds)
    },

    createApiKey: (
      input: Pick<Parameters<typeof createApiKey>[1], 'accountId' | 'name' | 'limitDay' | 'limitMonth'>,
    ) => createApiKey(db, { ...input, nowMs: nowMs(), random: randomBytes(API_KEY_BYTES) }),
    listApiKeys: (accountId: number) => listApiKeys(db, accountId, nowMs()),
    updateApiKey: (input: { accountId: number; keyId: number; change: ApiKeyChange }) =>
      updateApiKey(db, input, nowMs()),
    revokeApiKey: (input: { accountId: number; keyId: number }) => revokeApiKey(db, input, nowMs()),

    guessLimit: createGuessLimit({ nowMs }),
    checkPairing,
    createPairingCode: (accountId: number) =>
      createPairingCode(db, { accountId, nowMs: nowMs(), random: randomBytes(PAIRING_CODE_BYTES) }),
    pairingCommand: ({ code, origin }: { code: string; origin: string }) =>
      `npm run runner -- start --pair ${code} --coordinator ${env.PUBLIC_URL ?? origin}`,
    pairRunner: (pairing: Omit<Parameters<typeof pairRunner>[1], 'nowMs' | 'newId'>) =>
      pairRunner(db, {
        ...pairing,
        nowMs: nowMs(),
        newId: () => makeAccountId(randomBytes(ACCOUNT_ID_BYTES)),
      }),
    listRunners: (accountId: number) => listRunners(db, accountId, nowMs()),
    findLiveModels,
    renameRunner: (own: OwnRunner, name: string) => renameRunner(db, own, name),
    setRunnerState: async (own: OwnRunner, state: RunnerState) => {
      const changed = await setRunnerState(db, own, state)
      if (changed && state !== 'active') {
        await closeRunners([own.runnerId], state === 'paused' ? 'paused' : 'unknown-runner')
      }
      return changed
    },
    reloadAudiences,
    setRunnerAudience: async (own: OwnRunner, audience: RunnerAudience) => {
      const set = await setRunnerAudience(db, own, audience)
      if (set.ok) await reloadAudiences([own.runnerId])
      return set
    },
    /** Puts an owner's price in force where the runner is linked; undefined: the runner's own. */
    setLiveAsk: async (runnerId: string, modelId: string, ask: Ask | undefined): Promise<void> => {
      // A name that is not in the catalog has no object, and makes none.
      if (await findKnownModel(modelId)) await (await objectOfRunner(runnerId, modelId)).setAsk(runnerId, ask)
    },
    /** Runners that are linked for a model, asked for anew. */
    listLinkedRunners: async (modelId: string): Promise<readonly string[]> => {
      const model = await findKnownModel(modelId)
      const all = model ? await Promise.all(allShards(model).map((one) => one.snapshot())) : []
      return all.flatMap(({ runnerIds }) => runnerIds)
    },
    listGroupIds: routeDeps.listGroupIds,
    /** What serves an account's jobs of tier `own` for a model, now. */
    readOwnSupply: async (model: Model, accountId: number, groupIds: readonly string[]) =>
      mergeOwnSupply(await Promise.all(allShards(model).map((one) => one.ownSupply(accountId, groupIds)))),
    /** Only a paired runner reaches an object: strangers make none. */
    openLink: async (request: Request, link: { runnerId: string; model: string }) => {
      const runner = await findRunner(db, link.runnerId)
      if (!runner || runner.state === 'removed') return undefined
      return (await objectOfRunner(link.runnerId, link.model)).fetch(request)
    },

    listModels: listed,
    readLiveNetwork: createLiveNetwork({
      listModels: listed,
      countJobsLastMinute: () => countJobsLastMinute(db, nowMs()),
      readOwnersToday: () => readOwnersToday(db, nowMs()),
      secret: env.SESSION_KEY,
      nowMs,
    }),
    runChat: (job: ChatJob, format: AnswerFormat): Promise<ChatStart> =>
      routeJob<ChatJob, ChatStart>(routeDeps, job, (routed, shard) =>
        dispatchOf(routed.model, shard).runChat(routed, format),
      ),
    runSealed: (job: SealedJob): Promise<ChatStart> =>
      routeSealed<ChatStart>(routeDeps, job, (routed, shard) =>
        dispatchOf(routed.model, shard).runSealed(routed),
      ),
    findModel: findKnownModel,
    /** The runners that take an account's sealed requests of a model, now. */
    readSealedSupply: async (...[model, of]: Parameters<ReadSealedSupply>) => {
      const all = allShards(model).map((one) => one.sealedSupply(of.tier, of.accountId, of.groupIds))
      return (await Promise.all(all)).flat()
    },
    runEmbedding: (job: EmbeddingJob): Promise<EmbeddingOutcome> =>
      routeJob<EmbeddingJob, EmbeddingOutcome>(routeDeps, job, (routed, shard) =>
        dispatchOf(routed.model, shard).runEmbedding(routed),
      ),
    stopJob: async (modelId: string, jobId: string, accountId: number): Promise<void> => {
      const model = await findKnownModel(modelId)
      await Promise.all(model ? allShards(model).map((one) => one.stopJob(jobId, accountId)) : [])
    },
    findRunnerKeys: async (runnerIds: readonly string[]) => {
      const runners = await Promise.all([...new Set(runnerIds)].map((id) => findRunner(db, id)))
      return new Map(
        runners.flatMap((runner) => (runner ? [[runner.runnerId, runner.publicKey] as const] : [])),
      )
    },
    readJob: (jobId: string, accountId: number) => readJob(db, jobId, accountId),
    listRequests: (input: Parameters<typeof listRequests>[1]) => listRequests(db, input),
    listOpenJobs: (range: { fromMs: number; beforeMs: number }) => listOpenJobs(db, range),
    voidJob: (jobId: string, reason: Parameters<typeof voidJob>[2]) => voidJob(db, jobId, reason, nowMs()),

    pingDatabase: () => pingDatabase(db),
    readLedgerAudit: () => readLedgerAudit(db),
  }
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** Reads an amount of the configuration. A wrong one stops the coordinator rather than inventing money. */
function readAmount(name: string, value: string) {
  const amount = parseNano(value)
  if (amount === undefined)
    throw new Error(`${name} must be a whole number of nano, got ${JSON.stringify(value)}`)
  return amount
}
