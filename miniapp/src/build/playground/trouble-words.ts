import type { ApiTrouble } from './next-run.ts'
import { UNREACHABLE } from './read-answer.ts'

/** What to say above what the API said. */
export type TroubleHeading =
  | 'trouble-refused'
  | 'trouble-broke'
  | 'trouble-unreachable'
  | 'trouble-funds'
  | 'trouble-busy'
  | 'trouble-runner'
  | 'trouble-login'

/** Codes of the API that have a sentence of their own. */
const HEADINGS: Readonly<Record<string, TroubleHeading>> = {
  [UNREACHABLE.code]: 'trouble-unreachable',
  insufficient_quota: 'trouble-funds',
  queue_full: 'trouble-busy',
  rate_limit_exceeded: 'trouble-busy',
  no_runner: 'trouble-runner',
  no_own_runner: 'trouble-runner',
  tier_unavailable: 'trouble-runner',
  model_not_found: 'trouble-runner',
  expired_init_data: 'trouble-login',
}

/** The sentence for a trouble. One without a status came when the answer had begun. */
export function headingOf({ code, status }: ApiTrouble): TroubleHeading {
  const known = Object.hasOwn(HEADINGS, code) ? HEADINGS[code] : undefined
  return known ?? (status === undefined ? 'trouble-broke' : 'trouble-refused')
}

/** What the API said, as a developer copies it: status and code, message, field. */
export function troubleText({ status, code, message, param }: ApiTrouble): string {
  return [
    [status, code].filter((part) => part !== undefined).join(' '),
    ...(message === undefined ? [] : [message]),
    ...(param === undefined ? [] : [`param: ${param}`]),
  ].join('\n')
}
