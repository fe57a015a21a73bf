import type { RequestLogJson } from '../../../../protocol/src/miniapp/requests.ts'

/** A line of the log. */
export type LoggedRequest = RequestLogJson['data'][number]

/** Why a job can have failed, of what we have words for. */
export const KNOWN_REASONS = [
  'runner-lost',
  'engine-failed',
  'timed-out',
  'coordinator-restarted',
  'no-runner',
  'no-own-runner',
  'queue-full',
  'context-length-exceeded',
  'unsupported',
] as const
export type KnownReason = (typeof KNOWN_REASONS)[number]

/** The reason that a job failed for; `other` for one that has no words here; undefined where it did not fail. */
export function reasonOf({ state, reason }: LoggedRequest): KnownReason | 'other' | undefined {
  if (state !== 'failed') return undefined
  return KNOWN_REASONS.find((known) => known === reason) ?? 'other'
}

/** The lamp of a state: leaf for what was answered, red for what failed, none for the rest. */
export function lampOfState(state: LoggedRequest['state']): 'well' | 'bad' | 'off' | 'busy' {
  if (state === 'done') return 'well'
  if (state === 'failed') return 'bad'
  return state === 'stopped' ? 'off' : 'busy'
}

/** How long something took: `210 ms`, then `1.9 s`, then minutes. */
export function timeWords(language: string, ms: number): string {
  const [unit, value, digits] =
    ms < 1000
      ? (['millisecond', ms, 0] as const)
      : ms < 120_000
        ? (['second', ms / 1000, ms < 20_000 ? 1 : 0] as const)
        : (['minute', ms / 60_000, 0] as const)
  const form = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const
  return new Intl.NumberFormat(`${language}-u-nu-latn`, form).format(value)
}

/** A moment with its day, in the person's own time: `22 Nov, 14:03:21`. */
export function momentWords(language: string, atMs: number): string {
  const form = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, { ...form, hourCycle: 'h23' }).format(atMs)
}
