import { useFailureWords } from '../../ui/failure-words.ts'
import { useWords } from '../../words/define-words.ts'
import type { en } from '../words/en.ts'
import { CHAT_WORDS } from '../words/words.ts'

type WordId = keyof typeof en

/** Codes of the coordinator and of this page, as sentences. Those that mean the same on every page are said elsewhere. */
export const TROUBLES: Readonly<Record<string, WordId>> = {
  model_not_found: 'trouble-model-gone',
  wrong_model_kind: 'trouble-model-gone',
  no_runner: 'trouble-no-runner',
  no_own_runner: 'trouble-no-own-runner',
  tier_unavailable: 'trouble-tier',
  queue_full: 'trouble-queue-full',
  price_too_low: 'trouble-price',
  insufficient_quota: 'trouble-funds',
  key_limit_reached: 'trouble-limit',
  context_length_exceeded: 'trouble-too-long',
  request_too_large: 'trouble-too-long',
  invalid_value: 'trouble-not-taken',
  unsupported_parameter: 'trouble-not-taken',
  unknown_parameter: 'trouble-not-taken',
  runner_lost: 'trouble-runner-lost',
  engine_failed: 'trouble-engine',
  timed_out: 'trouble-timed-out',
  idempotency_ended: 'trouble-interrupted',
  idempotency_mismatch: 'trouble-interrupted',
  coordinator_restarted: 'trouble-interrupted',
  evidence_refused: 'trouble-evidence',
  seal_broken: 'trouble-seal-broken',
  seal_unable: 'trouble-seal-unable',
  key_epoch: 'trouble-key-epoch',
  internal_error: 'trouble-interrupted',
  'too-long': 'trouble-unreadable',
  unreadable: 'trouble-unreadable',
  'empty-answer': 'trouble-empty-answer',
}

/** What helps beside asking again. */
export type WayOn = 'choose' | 'top-up' | undefined

/** What helps when an answer failed for a reason. */
export function wayOn(reason: string): WayOn {
  if (reason === 'insufficient_quota') return 'top-up'
  return CHOOSING_HELPS.has(reason) ? 'choose' : undefined
}

const CHOOSING_HELPS = new Set([
  'model_not_found',
  'wrong_model_kind',
  'no_runner',
  'no_own_runner',
  'tier_unavailable',
  'evidence_refused',
  'seal_unable',
  'price_too_low',
  'context_length_exceeded',
  'request_too_large',
  'engine_failed',
])

/** Says why there is no answer, or not all of it. */
export function useTroubleWords(isSealed: boolean): (reason: string) => string {
  const words = useWords(CHAT_WORDS)
  const failureWords = useFailureWords()
  return (reason) => {
    if (isSealed && reason === 'no_own_runner') return words['trouble-no-confirmed']
    const known = Object.hasOwn(TROUBLES, reason) ? TROUBLES[reason] : undefined
    const sentence = known && words[known]
    return typeof sentence === 'string' ? sentence : failureWords({ reason })
  }
}
