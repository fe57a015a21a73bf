import type { BotDeps } from '../../bot/src/bot-deps.ts'
import { type AnswerFrame, answerFrameSchema } from '../../protocol/src/answer.ts'
import { simulationOfBuild } from '../../protocol/src/build-pins.ts'
import { nano } from '../../protocol/src/money.ts'
import { createRunConfidential } from './confidential-deps.ts'
import { createDeps, type Deps } from './deps.ts'
import { readFrames } from './dispatch/read-frames.ts'
import { connectDb } from './ledger/ledger-store.ts'
import { toModelOffers } from './models/model-directory.ts'
import { createMoneyDeps, type MoneyDeps } from './money-deps.ts'
import { logToConsole } from './platform/log.ts'
import { createStarDesk } from './stars/star-desk.ts'
import { readStarPrice } from './stars/star-packages.ts'
import {
  creditStars,
  findPayer,
  listRefundable,
  takeBackStars,
  takeForRefund,
  undoRefund,
} from './stars/star-store.ts'
import { payoutAddress } from './wallets/wallet.ts'

/** What the bot may ask of the coordinator. */
export function createBotDeps(env: Cloudflare.Env): BotDeps {
  const deps = createDeps(env)
  const runConfidential = createRunConfidential(env, deps)
  return {
    startAnswer: async ({
      accountId,
      conversation,
      model,
      messages,
      maxTokens,
      temperature,
      tier = 'open',
    }) => {
      const run = tier === 'confidential' ? runConfidential : deps.runChat
      const started = await run(
        {
          kind: 'chat',
          jobId: deps.newJobId(),
          caller: { accountId, keyId: undefined },
          model,
          tier,
          conversation,
          messages,
          params: {
            ...(maxTokens === undefined ? {} : { maxTokens }),
            ...(temperature === undefined ? {} : { temperature }),
          },
          needs: [],
        },
        { kind: 'frames' },
      )
      if (started.ok) return readFrames(started.body, (value) => answerFrameSchema.parse(value))
      const { ok: _, ...refusal } = started
      return streamOf({ type: 'refused', ...refusal })
    },
    stopAnswer: (job) => deps.stopJob(job.model, job.jobId, job.accountId),
    findAccount: async (telegramUserId) => {
      const { id } = await deps.findOrCreateAccount(telegramUserId)
      const balance = await deps.readBalance(id)
      if (!balance) throw new Error('an account without a balance')
      return { accountId: id, ...balance }
    },
    listModels: async () => toModelOffers(await deps.listModels(), simulationOfBuild()),
    listRunners: async (accountId) => {
      const runners = await deps.listRunners(accountId)
      const live = await deps.findLiveModels(runners.map(({ runnerId }) => runnerId))
      return runners.map(({ runnerId, name, earnedToday }) => ({
        name,
        online: live.has(runnerId),
        models: live.get(runnerId) ?? [],
        earnedTodayNano: earnedToday,
      }))
    },
    createPairingCode: async (accountId) => {
      const made = await deps.createPairingCode(accountId)
      if (!made.ok) throw new Error('a pairing code for an account that is gone')
      return made
    },
    ...moneyDeps(createMoneyDeps(env), env.TON_SEED !== undefined),
    stars: createStars(env, deps),
    supportContact: env.SUPPORT_CONTACT ?? '',
    deleteAccount: deps.deleteAccount,
    publicUrl: env.PUBLIC_URL ?? '',
    nowMs: Date.now,
    log: logToConsole,
  }
}

type BotMoney = Pick<BotDeps, 'readMoney' | 'depositInstructions' | 'orderPayout' | 'cancelWalletChange'>

/** Toncoin in and out, as the bot shows it. */
function moneyDeps(money: MoneyDeps, canPayOut: boolean): BotMoney {
  const { payoutTerms } = money
  return {
    readMoney: async (accountId) => {
      const [sums, wallet, { frozen }] = await Promise.all([
        money.readMoney(accountId),
        money.readWallet(accountId),
        money.readPayoutTerms(),
      ])
      if (!sums) throw new Error('an account without a balance')
      return {
        ...sums,
        wallet: wallet && {
          address: money.formatAddress(wallet.address),
          ...(wallet.next
            ? { nextAddress: money.formatAddress(wallet.next.address), nextFromMs: wallet.next.fromMs }
            : {}),
        },
        payoutMinimum: payoutTerms.minimum,
        payoutFee: payoutTerms.fee,
        frozen,
      }
    },
    depositInstructions: async (accountId) => {
      const way = await money.depositInstructions(accountId)
      return way && { address: way.address, comment: way.comment, network: money.tonNetwork }
    },
    orderPayout: async ({ accountId, source, amount, key }) => {
      if (!canPayOut) return { ok: false, reason: 'payouts-off' }
      const wallet = await money.readWallet(accountId)
      if (!wallet) return { ok: false, reason: 'no-wallet' }
      const destination = payoutAddress(wallet, Date.now())
      if (destination === undefined) return { ok: false, reason: 'wallet-changing' }
      const ordered = await money.orderPayout({
        accountId,
        source: source === 'earnings' ? 'owner' : 'user',
        amount,
        destination,
        idempotency: key,
      })
      if (!ordered.ok) return ordered
      const { id, fee } = ordered.payout
      return { ok: true, payoutId: id, amount: ordered.payout.amount, fee }
    },
    cancelWalletChange: async (accountId) => {
      const wallet = await money.readWallet(accountId)
      await money.cancelWalletChange(accountId)
      return wallet?.next !== undefined
    },
  }
}

function createStars(env: Cloudflare.Env, deps: Deps): BotDeps['stars'] {
  const db = connectDb(env.DB)
  const { nowMs } = deps
  return createStarDesk({
    // Whoever knows the token is the bot, and could write invoices anyway.
    secret: env.BOT_TOKEN ?? '',
    starNano: readStarPrice(env.STAR_NANO),
    findPayer: (telegramId) => findPayer(db, telegramId),
    findOrCreateAccount: deps.findOrCreateAccount,
    readAvailable: async (accountId) => (await deps.readBalance(accountId))?.available ?? nano(0n),
    creditStars: (payment) => creditStars(db, payment),
    listRefundable: (accountId) => listRefundable(db, { accountId, nowMs: nowMs() }),
    takeForRefund: (refund) => takeForRefund(db, { ...refund, nowMs: nowMs() }),
    undoRefund: (paymentId) => undoRefund(db, { paymentId, nowMs: nowMs() }),
    takeBackStars: (payment) => takeBackStars(db, payment),
    nowMs,
    log: logToConsole,
  })
}

function streamOf(frame: AnswerFrame): ReadableStream<AnswerFrame> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(frame)
      controller.close()
    },
  })
}
