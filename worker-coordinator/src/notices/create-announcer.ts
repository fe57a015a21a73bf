import type { Notice } from '../../../bot/src/money/notice.ts'
import { connectDb } from '../ledger/ledger-store.ts'
import { logToConsole } from '../platform/log.ts'
import {
  type AnnounceDeps,
  type Announcement,
  announce,
  announceToOperator,
  readOperatorId,
} from './announce.ts'
import { findTelegramId } from './notice-store.ts'

export type Announcer = {
  readonly announce: (announcement: Announcement) => Promise<void>
  readonly announceToOperator: (id: string, notice: Notice) => Promise<void>
}

/** Who tells people, with this coordinator's conversations. Without a bot nobody is told. */
export function createAnnouncer(env: Cloudflare.Env): Announcer {
  const db = connectDb(env.DB)
  const deps: AnnounceDeps = {
    findTelegramId: async (accountId) => (env.BOT_TOKEN ? findTelegramId(db, accountId) : undefined),
    tell: (telegramId, id, notice) =>
      env.CONVERSATION.getByName(`${telegramId}/0`).tell(telegramId, id, notice),
    operatorTelegramId: env.BOT_TOKEN ? readOperatorId(env.OPERATOR_TELEGRAM_ID) : undefined,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: logToConsole,
  }
  return {
    announce: (announcement) => announce(deps, announcement),
    announceToOperator: (id, notice) => announceToOperator(deps, id, notice),
  }
}
