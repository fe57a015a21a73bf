/** Characters that a question may have. What of it a model can read is weighed apart. */
export const DRAFT_CHARS_MAX = 200_000

/** Cuts what is longer than the composer takes, never through a symbol. */
export function cutDraft(text: string): string {
  if (text.length <= DRAFT_CHARS_MAX) return text
  return text.slice(0, DRAFT_CHARS_MAX).replace(/[\ud800-\udbff]$/, '')
}
