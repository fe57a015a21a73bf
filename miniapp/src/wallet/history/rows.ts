import type { Movement } from '../money.ts'
import type { Line } from './statement.ts'

export const ROW_KINDS = [
  'questions',
  'earned',
  'deposit',
  'payout',
  'payout-back',
  'moved',
  'welcome',
  'grant',
  'stars',
  'stars-back',
  'other',
] as const
export type RowKind = (typeof ROW_KINDS)[number]

/** What people read of the ledger: one line of it, or a day's lines of one kind. */
export type Row = {
  readonly key: string
  readonly kind: RowKind
  /** The runner that earned. */
  readonly subject: string | undefined
  /** What all its lines come to; nothing, where coins only changed places. */
  readonly amount: bigint
  /** The sum of what came: for coins that only changed places. */
  readonly came: bigint
  readonly count: number
  /** Of its newest line. */
  readonly atMs: number
  /** The payout that the line belongs to. */
  readonly movement: Movement | undefined
  /** The chain's transaction, `<lt>:<hash hex>`. */
  readonly transactionId: string | undefined
}

const KINDS: Readonly<Record<string, RowKind>> = {
  usage: 'questions',
  mature: 'earned',
  deposit: 'deposit',
  claim: 'deposit',
  payout: 'payout',
  'payout-back': 'payout-back',
  'earnings-use': 'moved',
  welcome: 'welcome',
  grant: 'grant',
  stars: 'stars',
  'stars-back': 'stars-back',
}

/** Groups lines: a day's questions are one row, and what a runner earned on a day. The newest first. */
export function toRows(
  lines: readonly Line[],
  movements: readonly Movement[],
  dayOf: (atMs: number) => string,
): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const line of lines) {
    const key = keyOf(line, dayOf(line.atMs))
    const row = rows.get(key)
    rows.set(key, row ? add(row, line) : begin(key, line, movements))
  }
  return [...rows.values()].toSorted((a, b) => b.atMs - a.atMs)
}

function begin(key: string, line: Line, movements: readonly Movement[]): Row {
  const kind = kindOf(line)
  const movement = kind === 'payout' ? movements.find(({ id }) => id === line.id) : undefined
  return {
    key,
    kind,
    subject: kind === 'earned' ? line.subject : undefined,
    amount: line.amount,
    came: line.amount > 0n ? line.amount : 0n,
    count: 1,
    atMs: line.atMs,
    movement,
    transactionId: kind === 'deposit' ? depositOf(line) : movement?.transactionId,
  }
}

function add(row: Row, { amount, atMs }: Line): Row {
  return {
    ...row,
    amount: row.amount + amount,
    came: row.came + (amount > 0n ? amount : 0n),
    count: row.count + 1,
    atMs: Math.max(row.atMs, atMs),
  }
}

function keyOf(line: Line, day: string): string {
  const kind = kindOf(line)
  if (kind === 'questions') return `questions/${day}`
  if (kind === 'earned') return `earned/${day}/${line.subject ?? ''}`
  // A payout that came back brings its fee as well: one row. Coins that change places have a line in each.
  if (kind === 'payout-back') return `back/${line.id.split('/')[0]}`
  return `${kind}/${line.id}`
}

function kindOf({ kind, id }: Line): RowKind {
  if (kind === 'refund' && id.endsWith('/fee-back')) return 'payout-back'
  return Object.hasOwn(KINDS, kind) ? (KINDS[kind] ?? 'other') : 'other'
}

/** `<lt>:<hash>/deposit` names the transaction that brought the coins. */
function depositOf({ id }: Line): string | undefined {
  return /^(\d+:[0-9a-f]{64})\//.exec(id)?.[1]
}
