import { parseJobId } from '../ids.ts'

/** Crockford's base32, as ids are written. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME = { from: 'job_'.length, to: 'job_'.length + 9 }
/** The last moment that a date can be written for, Unix ms. */
const LAST_MS = 253_402_300_799_999

/** The day, UTC, in which a job's id was made, `yyyy-mm-dd`; undefined where it is no job's id. */
export function dayOfJobId(jobId: string): string | undefined {
  const digits = parseJobId(jobId)?.slice(TIME.from, TIME.to)
  if (digits === undefined) return undefined
  const ms = [...digits].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0)
  return ms > LAST_MS ? undefined : new Date(ms).toISOString().slice(0, 10)
}
