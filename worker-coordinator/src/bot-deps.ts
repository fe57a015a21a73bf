import type { BotDeps } from '../../bot/src/bot-deps.ts'
import { type AnswerFrame, answerFrameSchema } from '../../protocol/src/answer.ts'
import { createDeps } from './deps.ts'
import { readFrames } from './dispatch/read-frames.ts'
import { toModelOffers } from './models/model-directory.ts'
import { logToConsole } from './platform/log.ts'

/** What the bot may ask of the coordinator. */
export function createBotDeps(env: Cloudflare.Env): BotDeps {
  const deps = createDeps(env)
  return {
    startAnswer: async ({ accountId, conversation, model, messages, maxTokens, temperature }) => {
      const started = await deps.runChat(
        {
          kind: 'chat',
          jobId: deps.newJobId(),
          caller: { accountId, keyId: undefined },
          model,
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
    listModels: async () => toModelOffers(await deps.listModels()),
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
    deleteAccount: deps.deleteAccount,
    publicUrl: env.PUBLIC_URL ?? '',
    nowMs: Date.now,
    log: logToConsole,
  }
}

function streamOf(frame: AnswerFrame): ReadableStream<AnswerFrame> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(frame)
      controller.close()
    },
  })
}
