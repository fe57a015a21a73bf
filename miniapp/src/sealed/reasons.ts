/** Codes of the API that are not their reason with underscores. */
const REASON_OF_CODE: Readonly<Record<string, string>> = {
  insufficient_quota: 'insufficient-funds',
  model_not_found: 'unknown-model',
  unsupported_parameter: 'unsupported',
}

const CODE_OF_REASON: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REASON_OF_CODE).map(([code, reason]) => [reason, code]),
)

/** A reason as sealed clients know it, of a code as the API writes it: a refusal can come either way. */
export function reasonOfCode(code: string): string {
  return Object.hasOwn(REASON_OF_CODE, code) ? (REASON_OF_CODE[code] ?? code) : code.replaceAll('_', '-')
}

/** The code under which a page knows a reason. */
export function codeOfReason(reason: string): string {
  return Object.hasOwn(CODE_OF_REASON, reason)
    ? (CODE_OF_REASON[reason] ?? reason)
    : reason.replaceAll('-', '_')
}
