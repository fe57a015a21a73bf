import { sql } from 'drizzle-orm'
import { type JobWindow, jobTimeMs } from '../ledger/job-window.ts'
import { cutWindow, readCursor } from '../ledger/job-window-store.ts'
import type { TransferKind } from '../ledger/ledger.ts'
import type { Db } from '../ledger/ledger-store.ts'
import {
  counterpartOf,
  cutPage,
  jobsBefore,
  lastDayBelow,
  type Place,
  type Position,
  rangesOfDays,
  type StatementLine,
  type StatementPage,
} from './statement.ts'

/** How many of the network's jobs are looked through for a page. */
const SCANNED_JOBS_MAX = 5000
/** In how many ranges of days they are looked for, for a page, and how many days back from it. */
const RANGES_MAX = 8
const DAYS_MAX = 1000
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'

/**
 * One page of an account's ledger, the newest first. Jobs have no index by account, since a chat would pay for it: they
 * are looked through by their key, a bounded number for each page, and days without any of this account are left out.
 */
export async function readStatement(
  db: Db,
  input: {
    readonly accountId: number
    readonly limit: number
    readonly before: Position | undefined
    /** For tests. */
    readonly scanMax?: number
  },
): Promise<StatementPage> {
  const { accountId, limit, before, scanMax = SCANNED_JOBS_MAX } = input
  const [moved, asked] = await Promise.all([
    readTransfers(db, accountId, limit, before),
    readJobs(db, { accountId, limit, scanMax, below: jobsBefore(before) ?? JOB_IDS_END }),
  ])
  return cutPage({ lines: [...moved, ...asked.lines], before, floor: asked.floor, limit })
}

type MovedRow = {
  readonly id: string
  readonly kind: TransferKind
  readonly place: Place
  readonly amount: number
  readonly name: string | null
  readonly at: number
}

/** Everything but usage, by two small indexes that usage is not in. */
async function readTransfers(
  db: Db,
  accountId: number,
  limit: number,
  before: Position | undefined,
): Promise<StatementLine[]> {
  const until = before
    ? sql`t.at <= ${before.atMs} and (t.at < ${before.atMs} or t.id <= ${before.id})`
    : sql`1`
  const owner = sql`(select id from ledger_accounts where code = ${`liab:owner:${accountId}`})`
  const name = sql`(select r.name from ledger_accounts l join runners r on r.id = substr(l.code, 13)
    where l.id = t.debit and l.code glob 'liab:runner:*')`
  const legs = [
    sql`'balance' as place, -t.amount as amount, null as name from ledger_transfers t where t.debit = ${accountId}`,
    sql`'balance', t.amount - t.fee, null from ledger_transfers t where t.credit = ${accountId}`,
    sql`'earnings', -t.amount, null from ledger_transfers t where t.debit = ${owner}`,
    sql`'earnings', t.amount - t.fee, ${name} from ledger_transfers t where t.credit = ${owner}`,
  ].map(
    // One line more than a page, and one for the other place of the transfer that the last page ended with.
    (leg) => sql`select * from (select t.id as id, t.kind as kind, t.at as at, ${leg}
      and t.kind <> 'usage' and ${until} order by t.at desc, t.id desc limit ${limit + 2})`,
  )
  const rows = await db.all<MovedRow>(sql.join(legs, sql` union all `))
  return rows
    .filter(({ amount }) => amount !== 0)
    .map(({ id, kind, place, amount, name, at }) => ({
      id,
      kind,
      place,
      amount: BigInt(amount),
      counterpart: counterpartOf(kind, place, name),
      subject: name || null,
      atMs: at,
    }))
}

type ScannedJobs = {
  readonly lines: readonly StatementLine[]
  /** The oldest job that was looked at; undefined when there are no older ones of this account. */
  readonly floor: string | undefined
}

type ScanInput = {
  readonly accountId: number
  readonly limit: number
  readonly scanMax: number
  readonly below: string
}

/** Jobs, newest first, in ranges where the account may have some, until the page is full or enough was looked through. */
async function readJobs(db: Db, { accountId, limit, scanMax, below }: ScanInput): Promise<ScannedJobs> {
  const ranges = await findJobRanges(db, accountId, below)
  const lines: StatementLine[] = []
  let left = scanMax
  for (const [step, range] of ranges.entries()) {
    const { window, count } = await cutWindow(db, range, left)
    lines.push(...(await readJobLines(db, accountId, window, limit + 1 - lines.length)))
    left -= count
    if (lines.length > limit || left <= 0 || step + 1 === RANGES_MAX) return { lines, floor: window.from }
  }
  return { lines, floor: undefined }
}

async function readJobLines(
  db: Db,
  accountId: number,
  { from, to }: JobWindow,
  limit: number,
): Promise<StatementLine[]> {
  const rows = await db.all<{ id: string; kind: string; model: string; charge: number }>(sql`
    select id, kind, model, charge from jobs
    where id < ${to} and id >= ${from} and account_id = ${accountId} and charge > 0
    order by id desc limit ${limit}`)
  return rows.map(({ id, kind, model, charge }) => ({
    id,
    kind: 'usage',
    place: 'balance',
    amount: -BigInt(charge),
    counterpart: kind === 'embedding' ? `Embeddings of ${model}` : `Chat with ${model}`,
    subject: model,
    atMs: jobTimeMs(id),
  }))
}

/** Where an account may have jobs: the last minutes, and the days that its figures name. The newest range first. */
export async function findJobRanges(db: Db, accountId: number, below: string): Promise<readonly JobWindow[]> {
  const summed = await readCursor(db, 'summed')
  const rest = below < summed ? below : summed
  const rows = await db.all<{ day: number }>(sql`
    select distinct day from usage_days where account_id = ${accountId} and day <= ${lastDayBelow(rest)}
    order by day desc limit ${DAYS_MAX}`)
  const days = rangesOfDays(
    rows.map(({ day }) => day),
    rest,
  )
  return below > summed ? [{ from: summed, to: below }, ...days] : days
}
