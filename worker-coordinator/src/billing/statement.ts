import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { type JobWindow, jobTimeMs } from '../ledger/job-window.ts'
import type { TransferKind } from '../ledger/ledger.ts'
import { SUMMED_BEHIND_MS } from './sum-usage.ts'

const DAY_MS = 86_400_000

/** Which of an account's places moved. */
export type Place = 'balance' | 'earnings'

/** One line of an account's ledger. A job is one line, whoever ran it. */
export type StatementLine = {
  /** The transfer's id; for usage the job's. */
  readonly id: string
  readonly kind: TransferKind
  readonly place: Place
  /** What came, or went (below 0), nano. */
  readonly amount: bigint
  /** From whom or to whom, in words. */
  readonly counterpart: string
  /** A name that belongs to it: of the runner that earned, of the model that answered. */
  readonly subject: string | null
  /** For usage: when the job was asked. */
  readonly atMs: number
}

/** A place in the order of lines: newest first, then by id and by place. */
export type Position = Pick<StatementLine, 'id' | 'atMs'> & { readonly place: Place | '' }

/** A page of lines, and where the next, older one begins. */
export type StatementPage = {
  readonly lines: readonly StatementLine[]
  readonly next: Position | undefined
}

/**
 * Puts lines of transfers and of jobs into one page. Jobs are known down to `floor`, the oldest job that was looked at,
 * and lines below it wait for the next page; undefined: to their end.
 */
export function cutPage(input: {
  readonly lines: readonly StatementLine[]
  readonly before: Position | undefined
  readonly floor: string | undefined
  readonly limit: number
}): StatementPage {
  const { before, floor, limit } = input
  const lowest: Position | undefined =
    floor === undefined ? undefined : { atMs: jobTimeMs(floor), id: floor, place: '' }
  const lines = input.lines
    .filter((line) => !before || isOlder(line, before))
    .filter((line) => !lowest || !isOlder(line, lowest))
    .toSorted((a, b) => (isOlder(a, b) ? 1 : -1))
  const page = lines.slice(0, limit)
  const last = page.at(-1)
  if (lines.length > limit && last) return { lines: page, next: positionOf(last) }
  return { lines: page, next: lowest }
}

/** Right above every job that is older than a position: where a scan of jobs, newest first, begins. */
export function jobsBefore(before: Position | undefined): string | undefined {
  if (!before) return undefined
  if (before.id.startsWith('job_')) return before.id
  // Of the same millisecond are those whose id stands below, and all ids of jobs begin alike.
  return firstJobIdAt(before.id > 'job_' ? before.atMs + 1 : before.atMs)
}

/** The newest day (since 1970, UTC) that a job below an id can be counted for: its row is written a little after its id. */
export function lastDayBelow(id: string): number {
  const isTime = id === firstJobIdAt(jobTimeMs(id))
  return Math.floor((jobTimeMs(id) - (isTime ? 1 : 0) + SUMMED_BEHIND_MS) / DAY_MS)
}

/** The ids that jobs of some days can have, below an id; days that follow each other are one range. Newest first. */
export function rangesOfDays(days: readonly number[], below: string): readonly JobWindow[] {
  const ranges: { from: string; to: string }[] = []
  for (const day of days.toSorted((a, b) => b - a)) {
    const from = firstJobIdAt(day * DAY_MS - SUMMED_BEHIND_MS)
    const end = firstJobIdAt((day + 1) * DAY_MS)
    const last = ranges.at(-1)
    if (last && last.from <= end) last.from = from
    else ranges.push({ from, to: end < below ? end : below })
  }
  return ranges.filter(({ from, to }) => from < to)
}

/** Writes a position for a caller, who gives it back for the next page. */
export function writeCursor({ atMs, id, place }: Position): string {
  return `${atMs}.${place.slice(0, 1)}.${id}`
}

/** Reads a cursor that came in; undefined for one that nobody gave. */
export function readCursorText(text: string): Position | undefined {
  const match = /^(\d{1,15})\.([be]?)\.([\x21-\x7e]{1,200})$/.exec(text)
  if (!match) return undefined
  const [, atMs = '', letter = '', id = ''] = match
  const place = letter === 'b' ? 'balance' : letter === 'e' ? 'earnings' : ''
  return { atMs: Number(atMs), id, place }
}

/** From whom or to whom money moved, for people. `name`: of the runner that earned it. */
export function counterpartOf(kind: TransferKind, place: Place, name: string | null): string {
  switch (kind) {
    case 'welcome':
      return 'Welcome credit'
    case 'grant':
      return 'Credit from the network'
    case 'refund':
      return 'Refund'
    case 'deposit':
      return 'Deposit from TON'
    case 'claim':
      return 'Deposit from TON, found by your wallet'
    case 'mature':
      return name ? `Earnings of ${name}` : 'Earnings of a runner'
    case 'earnings-use':
      return place === 'balance' ? 'From your earnings' : 'To your balance'
    case 'payout':
      return 'Payout to your wallet'
    case 'payout-back':
      return 'Payout that the chain did not carry out'
    case 'stars':
      return 'Telegram Stars'
    case 'stars-back':
      return 'Telegram Stars, given back'
    default:
      return 'The network'
  }
}

function positionOf({ id, atMs, place }: StatementLine): Position {
  return { id, atMs, place }
}

function isOlder(a: Position, b: Position): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs
  if (a.id !== b.id) return a.id < b.id
  return a.place < b.place
}
