/** A root, as it stands on the chain. `day` is `yyyy-mm-dd`, UTC; `root` 64 hex characters. */
export type PublishedRoot = { readonly day: string; readonly root: string }

/** The comment of the transaction that the hot wallet sends to itself. */
export function reserveComment({ day, root }: PublishedRoot): string {
  return `sharnaqa reserves ${day} ${root}`
}

/** Reads such a comment; undefined where it is none. */
export function parseReserveComment(comment: string): PublishedRoot | undefined {
  const [, day, root] = /^sharnaqa reserves (\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})$/.exec(comment) ?? []
  return day === undefined || root === undefined ? undefined : { day, root }
}
