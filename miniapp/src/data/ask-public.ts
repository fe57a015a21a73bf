import type { Reply } from '../session/session.ts'

const ANSWER_TIMEOUT_MS = 8000

/** Asks for what anybody may know. No answer, and one that cannot be read, are `unreachable`. */
export async function askPublic<T>(
  path: string,
  parse: (value: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<Reply<T>> {
  try {
    const response = await fetch(path, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      cache: 'no-store',
    })
    const value = response.ok ? parse(await response.json()) : undefined
    if (value !== undefined) return { ok: true, value }
  } catch {
    // Offline, too slow, left, or not JSON.
  }
  return { ok: false, reason: 'unreachable', sentence: undefined }
}
