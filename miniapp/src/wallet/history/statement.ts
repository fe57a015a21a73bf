/** One line of the account's ledger. */
export type Line = {
  readonly id: string
  /** `usage`, `deposit`, `mature` and so on. */
  readonly kind: string
  readonly place: 'balance' | 'earnings'
  /** What came, or went (below 0), nano. */
  readonly amount: bigint
  /** A runner's or a model's name. */
  readonly subject: string | undefined
  readonly atMs: number
}

/** Lines, the newest first. `next` asks for older ones; undefined: these are all. */
export type StatementPage = { readonly lines: readonly Line[]; readonly next: string | undefined }

/** Puts the newest page in front of what is known. Where they do not meet, only the page is believed. */
export function withNewest(known: StatementPage | undefined, page: StatementPage): StatementPage {
  const names = new Set(page.lines.map(nameOf))
  const older = known?.lines.filter((line) => !names.has(nameOf(line))) ?? []
  const meets = known !== undefined && older.length < known.lines.length
  if (!meets || page.next === undefined) return page
  return { lines: sorted([...page.lines, ...older]), next: known.next }
}

/** Puts an older page behind what is known. */
export function withOlder(known: StatementPage, page: StatementPage): StatementPage {
  const names = new Set(known.lines.map(nameOf))
  const older = page.lines.filter((line) => !names.has(nameOf(line)))
  return { lines: sorted([...known.lines, ...older]), next: page.next }
}

/** What there was before the oldest of these lines, so that it and all lines are what there is now. */
export function openingOf(whole: bigint, lines: readonly Line[]): bigint {
  return lines.reduce((rest, { amount }) => rest - amount, whole)
}

function nameOf({ id, place }: Line): string {
  return `${place}/${id}`
}

function sorted(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => b.atMs - a.atMs)
}
