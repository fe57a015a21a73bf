import type { Notice } from '../../../bot/src/money/notice.ts'

/** Something to be told to the person of an account. */
export type Announcement = {
  readonly accountId: number
  /**
   * Says what it is about, such as `deposit/<lt>:<hash>`: the same id is told once, so whoever is not sure whether it was
   * announced announces it again.
   */
  readonly id: string
  readonly notice: Notice
}

export type AnnounceDeps = {
  readonly findTelegramId: (accountId: number) => Promise<number | undefined>
  /** Hands a notice to the private chat of a person, which keeps it and tells it once. */
  readonly tell: (telegramId: number, id: string, notice: Notice) => Promise<void>
  /** Who is told of what only the operator can mend; undefined: nobody. */
  readonly operatorTelegramId: number | undefined
  readonly sleep: (ms: number) => Promise<void>
  readonly log: (event: string, facts: Record<string, string | number | boolean | undefined>) => void
}

const TRIES_MAX = 3
const WAIT_MS = 200

/**
 * Tells a person what happened to their coins. Never throws and never undoes anything: money does not wait for words. A
 * notice that could not be handed over is logged; its id may be announced again. Without an account nobody is told.
 */
export async function announce(deps: AnnounceDeps, announcement: Announcement): Promise<void> {
  const { accountId, id, notice } = announcement
  await handOver(deps, id, notice, async () => {
    const telegramId = await deps.findTelegramId(accountId)
    if (telegramId !== undefined) await deps.tell(telegramId, id, notice)
  })
}

/** Tells the operator. Does nothing where none is named. Never throws. */
export async function announceToOperator(deps: AnnounceDeps, id: string, notice: Notice): Promise<void> {
  const { operatorTelegramId } = deps
  if (operatorTelegramId === undefined) return
  await handOver(deps, id, notice, () => deps.tell(operatorTelegramId, id, notice))
}

/** Reads `OPERATOR_TELEGRAM_ID`; undefined when it is not set. Throws on what is no Telegram user. */
export function readOperatorId(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined
  const id = Number(value)
  if (!Number.isSafeInteger(id) || id <= 0) {
    throw new Error(
      `OPERATOR_TELEGRAM_ID must be the number of a Telegram user, got ${JSON.stringify(value)}`,
    )
  }
  return id
}

async function handOver(
  { sleep, log }: AnnounceDeps,
  id: string,
  { kind }: Notice,
  give: () => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await give()
      return log('notice-given', { id, kind })
    } catch (error) {
      if (tries === TRIES_MAX) {
        return log('notice-lost', { id, kind, error: error instanceof Error ? error.name : String(error) })
      }
      await sleep(WAIT_MS * tries)
    }
  }
}
