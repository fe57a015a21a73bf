import { makeJobId } from '../../protocol/src/ids.ts'
import { parseNano } from '../../protocol/src/money.ts'
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
import type { AnswerFormat, ChatStart, EmbeddingOutcome } from './dispatch/dispatch-object.ts'
import { mergeSnapshots, objectName, shardOf, shardsToTry } from './dispatch/shards.ts'
import type { Refusal } from './dispatch/start-job.ts'
import type { ChatJob, EmbeddingJob } from './jobs/chat-job.ts'
import { listOpenJobs, readJob, voidJob } from './jobs/job-store.ts'
import { connectDb, pingDatabase, readLedgerAudit } from './ledger/ledger-store.ts'
import { createKnownModels } from './models/known-models.ts'
import { createModelDirectory } from './models/model-directory.ts'
import { findModel, listModels, type Model } from './models/model-store.ts'
import { logToConsole } from './platform/log.ts'
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
  const listed = createModelDirectory({
    listModels: () => listModels(db),
    snapshot: async (model) =>
      mergeSnapshots(await Promise.all(allShards(model).map((one) => one.snapshot()))),
    nowMs,
    cacheMs: DIRECTORY_CACHE_MS,
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
  /** Runs a job at its model's shard, or, where nobody is free there, at the next. A model that does not exist has none. */
  const runAtShard = async <Outcome extends { readonly ok: true } | Refusal>(
    job: ChatJob | EmbeddingJob,
    run: (shard: number) => Promise<Outcome>,
  ): Promise<Outcome | Refusal> => {
    const model = await findKnownModel(job.model)
    if (!model) return { ok: false, reason: 'unknown-model', param: 'model' }
    if (model.kind !== job.kind) return { ok: false, reason: 'wrong-model-kind', param: 'model' }
    let outcome: Outcome | Refusal = { ok: false, reason: 'no-runner' }
    for (const shard of shardsToTry(job.conversation ?? job.jobId, model.shards)) {
      outcome = await run(shard)
      if (outcome.ok || (outcome.reason !== 'no-runner' && outcome.reason !== 'queue-full')) return outcome
    }
    return outcome
  }
  const findLiveModels = async (runnerIds: readonly string[]) => {
    const models = runnerIds.length === 0 ? [] : await listed()
    const live = new Map<string, string[]>()
    for (const { model, now } of models) {
      for (const id of now.runnerIds) {
        if (runnerIds.includes(id)) live.set(id, [...(live.get(id) ?? []), model.id])
      }
    }
    return live
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
    deleteAccount: (accountId: number) => deleteAccount(db, accountId, nowMs()),

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
      if (!changed || state === 'active') return changed
      const serving = (await findLiveModels([own.runnerId])).get(own.runnerId) ?? []
      const reason = state === 'paused' ? 'paused' : 'unknown-runner'
      const at = await Promise.all(serving.map((model) => objectOfRunner(own.runnerId, model)))
      await Promise.all(at.map((object) => object.closeRunner(own.runnerId, reason)))
      return changed
    },
    /** Only a paired runner reaches an object: strangers make none. */
    openLink: async (request: Request, link: { runnerId: string; model: string }) => {
      const runner = await findRunner(db, link.runnerId)
      if (!runner || runner.state === 'removed') return undefined
      return (await objectOfRunner(link.runnerId, link.model)).fetch(request)
    },

    listModels: listed,
    runChat: (job: ChatJob, format: AnswerFormat): Promise<ChatStart> =>
      runAtShard<ChatStart>(job, (shard) => dispatchOf(job.model, shard).runChat(job, format)),
    runEmbedding: (job: EmbeddingJob): Promise<EmbeddingOutcome> =>
      runAtShard<EmbeddingOutcome>(job, (shard) => dispatchOf(job.model, shard).runEmbedding(job)),
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
