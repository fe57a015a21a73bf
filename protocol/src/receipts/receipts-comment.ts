/** A day's root of receipts, as it stands on the chain. `day` is `yyyy-mm-dd`, UTC; `root` 64 hex characters. */
export type PublishedReceipts = { readonly day: string; readonly root: string }

/** The comment of the transaction that the hot wallet sends to itself. */
export function receiptsComment({ day, root }: PublishedReceipts): string {
  return `sharnaqa receipts ${day} ${root}`
}

/** Reads such a comment; undefined where it is none. */
export function parseReceiptsComment(comment: string): PublishedReceipts | undefined {
  const [, day, root] = /^sharnaqa receipts (\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})$/.exec(comment) ?? []
  return day === undefined || root === undefined ? undefined : { day, root }
}
