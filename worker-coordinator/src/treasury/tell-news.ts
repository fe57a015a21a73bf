import type { createAnnouncer } from '../notices/create-announcer.ts'
import type { News } from './news-store.ts'
import type { TickResult } from './treasury.ts'
import type { TreasuryStatus } from './treasury-status-store.ts'

/** How far back what happened is told, in ms: longer than a crash and a restart take. */
const TOLD_FOR_MS = 10 * 60_000

export type TellNewsDeps = Pick<ReturnType<typeof createAnnouncer>, 'announce' | 'announceToOperator'> & {
  readonly listNews: (sinceMs: number) => Promise<readonly News[]>
  readonly readStatus: () => Promise<TreasuryStatus | undefined>
  readonly explorerUrl: string | undefined
  readonly nowMs: () => number
}

export type NewsTeller = (state: TickResult['state']) => Promise<void>

/**
 * Tells people of the deposits and payouts of the last minutes, and the operator of a wallet that stopped. What happened is
 * read from the ledger, so a crash between a write and its notice loses none; the same id is told once.
 */
export function createNewsTeller(deps: TellNewsDeps): NewsTeller {
  let told: ReadonlySet<string> = new Set()
  return async (state) => {
    const news = await deps.listNews(deps.nowMs() - TOLD_FOR_MS)
    for (const one of news) if (!told.has(one.id)) await tell(deps, one)
    const halt = state === 'halted' ? await tellHalt(deps, told) : undefined
    told = new Set([...news.map(({ id }) => id), ...(halt === undefined ? [] : [halt])])
  }
}

async function tell({ announce, explorerUrl }: TellNewsDeps, news: News): Promise<void> {
  const { id, accountId, kind, amount, transactionId } = news
  const url =
    kind === 'payout-sent' && explorerUrl !== undefined && transactionId !== undefined
      ? { url: `${explorerUrl}/tx/${transactionId}` }
      : {}
  await announce({ accountId, id, notice: { kind, amount, ...url } })
}

async function tellHalt(deps: TellNewsDeps, told: ReadonlySet<string>): Promise<string | undefined> {
  const status = await deps.readStatus()
  if (status?.reason === undefined) return undefined
  const id = `halt/${status.reason}/${status.scannedAtMs}`
  if (!told.has(id)) await deps.announceToOperator(id, { kind: 'treasury-halted', reason: status.reason })
  return id
}
