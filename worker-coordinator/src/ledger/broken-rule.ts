/** What a failed write says: the database's message, which names the rule that broke. drizzle keeps it in the error's cause. */
export function brokenRule(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} ${brokenRule(error.cause)}`
}
