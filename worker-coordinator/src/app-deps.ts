import type { Update } from 'grammy/types'
import { nano } from '../../protocol/src/money.ts'
import { createBotNameReader } from './about/bot-name.ts'
import { createAccountDeps } from './account-deps.ts'
import type { AppDeps } from './app.ts'
import { createRunConfidential } from './confidential-deps.ts'
import { createDeps } from './deps.ts'
import { createFleetDeps } from './fleet-deps.ts'
import { createGroupDeps } from './group-deps.ts'
import type { ListedModel } from './models/model-directory.ts'
import { createMoneyDeps } from './money-deps.ts'
import { createReceiptDeps } from './receipt-deps.ts'
import { createSealDeps } from './seal-deps.ts'

/** Gives each route the functions that it asks for. */
export function createAppDeps(env: Cloudflare.Env): AppDeps {
  const deps = createDeps(env)
  const money = { ...deps, ...createMoneyDeps(env) }
  const runConfidential = createRunConfidential(env, deps)
  return {
    telegram: {
      webhookSecret: env.TELEGRAM_WEBHOOK_SECRET,
      receive: async (key: string, update: Update) => env.CONVERSATION.getByName(key).receive(update),
      log: deps.log,
    },
    links: deps,
    about: {
      readBotName: createBotNameReader({
        token: env.BOT_TOKEN,
        apiRoot: env.TELEGRAM_API_ROOT,
        fetch: (...args) => fetch(...args),
        nowMs: deps.nowMs,
      }),
      tonNetwork: money.tonNetwork,
      takesCoins: env.TON_SEED !== undefined,
      support: env.SUPPORT_CONTACT,
    },
    accounts: deps,
    accountData: { ...money, ...createAccountDeps(env, deps) },
    runners: deps,
    fleet: { ...createFleetDeps(env, deps), matureMs: money.matureMs },
    groups: createGroupDeps(env, deps),
    choices: deps,
    jobs: deps,
    requests: deps,
    network: deps,
    liveNetwork: deps,
    billing: money,
    payouts: money,
    depositSeen: money,
    wallets: money,
    tonConnect: money,
    escrow: money,
    receipts: { ...deps, ...createReceiptDeps(env) },
    reserves: money,
    seals: createSealDeps(env, deps),
    sealedChat: deps,
    fetchAsset: (request) => env.ASSETS.fetch(request),
    openAi: {
      ...deps,
      runChatJob: (job, format) =>
        job.tier === 'confidential' ? runConfidential(job, format) : deps.runChat(job, format),
      runEmbeddingJob: deps.runEmbedding,
      listModels: async () => (await deps.listModels()).map(toListed),
    },
  }
}

function toListed({ model, now }: ListedModel) {
  return {
    id: model.id,
    createdAtS: Math.floor(model.createdAt / 1000),
    kind: model.kind,
    contextTokens: model.contextTokens,
    parameters: model.parameters,
    online: now.runners,
    ...(now.price
      ? { price: { input: nano(BigInt(now.price.input)), output: nano(BigInt(now.price.output)) } }
      : {}),
  }
}
