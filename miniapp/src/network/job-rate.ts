/** From this many jobs a minute on they are counted by the second. */
const BY_SECOND_FROM = 600

/** How often jobs are done, in the unit that gives the plainer number. */
export function jobRate(jobsLastMinute: number): {
  readonly per: 'minute' | 'second'
  readonly value: number
} {
  return jobsLastMinute < BY_SECOND_FROM
    ? { per: 'minute', value: jobsLastMinute }
    : { per: 'second', value: Math.round(jobsLastMinute / 60) }
}
