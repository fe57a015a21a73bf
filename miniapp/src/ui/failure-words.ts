import { useSpeech } from '../words/words-context.tsx'

/** Codes of the coordinator that mean the same to a person wherever they come up. */
const KNOWN = {
  unreachable: 'failed',
  expired_init_data: 'login-old',
  forged_init_data: 'login-refused',
  malformed_init_data: 'login-refused',
  not_yet_valid_init_data: 'login-clock',
  account_gone: 'login-gone',
  rate_limit_exceeded: 'too-often',
} as const

type Refusal = { readonly reason: string }

/** Says in the person's language what a refusal means. A page says its own reasons itself, before it asks here. */
export function useFailureWords(): (refusal: Refusal) => string {
  const { words } = useSpeech()
  return ({ reason }) =>
    words[Object.hasOwn(KNOWN, reason) ? KNOWN[reason as keyof typeof KNOWN] : 'failed-here']
}
