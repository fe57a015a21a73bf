/** Facts of an event: ids, counts and reasons. Never prompts, answers, keys or initData. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>
export type Log = (event: string, facts?: LogFacts) => void

/** Writes one JSON line per event, named noun-verb: `job-settled`. */
export const logToConsole: Log = (event, facts = {}) => {
  console.log(JSON.stringify({ event, ...facts }))
}
