import { type Api, GrammyError } from 'grammy'
import type { Update } from 'grammy/types'
import { ALLOWED_UPDATES } from './allowed-updates.ts'
import type { Clock } from './chat/clock.ts'

/** How the coordinator answered. `unreachable`: nobody listens there now. */
export type ForwardResult = 'taken' | 'refused' | 'unreachable' | 'wrong-secret'

export type PollDeps = {
  readonly api: Pick<Api, 'getUpdates'>
  readonly forward: (update: Update) => Promise<ForwardResult>
  readonly clock: Clock
  readonly log: (event: string, facts: Record<string, string | number>) => void
}

/** Why polling ended. `stopped`: by the signal. The others need a person. */
export type PollEnd = 'stopped' | 'conflict' | 'wrong-token' | 'wrong-secret'

const POLL_TIMEOUT_S = 30
const FORWARD_TRIES_MAX = 8
const BACKOFF_MS = 500
const BACKOFF_MAX_MS = 15_000

/**
 * Asks Telegram for updates and hands each to the coordinator, in order, until the signal ends it.
 *
 * An update counts as fetched only when the coordinator took it. While the coordinator is away all wait; an update that
 * it keeps refusing is given up after a few tries, so that it does not block the others for ever.
 */
export async function pollUpdates(deps: PollDeps, signal: AbortSignal): Promise<PollEnd> {
  const { clock, log } = deps
  let offset = 0
  let failures = 0
  while (!signal.aborted) {
    let updates: readonly Update[]
    try {
      updates = await fetchUpdates(deps, offset, signal)
      failures = 0
    } catch (error) {
      if (signal.aborted) break
      if (error instanceof GrammyError && error.error_code === 409) return 'conflict'
      if (error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404)) {
        return 'wrong-token'
      }
      failures += 1
      log('poll-failed', { failures })
      await clock.sleep(waitMs(error, failures), signal)
      continue
    }
    for (const update of updates) {
      const result = await forwardUpdate(deps, update, signal)
      if (result === 'wrong-secret') return result
      if (result === 'stopped') return result
      offset = update.update_id + 1
    }
  }
  return 'stopped'
}

function fetchUpdates({ api }: PollDeps, offset: number, signal: AbortSignal): Promise<Update[]> {
  const options = { offset, timeout: POLL_TIMEOUT_S, allowed_updates: ALLOWED_UPDATES }
  // grammY's Node build types its signal after a polyfill; the platform's own does the same.
  return api.getUpdates(options, signal as Parameters<Api['getUpdates']>[1])
}

async function forwardUpdate(
  { forward, clock, log }: PollDeps,
  update: Update,
  signal: AbortSignal,
): Promise<'done' | 'stopped' | 'wrong-secret'> {
  let refusals = 0
  for (let tries = 1; !signal.aborted; tries += 1) {
    const result = await forward(update)
    if (result === 'taken') return 'done'
    if (result === 'wrong-secret') return result
    if (result === 'refused') refusals += 1
    if (refusals >= FORWARD_TRIES_MAX) {
      log('update-skipped', { updateId: update.update_id, tries })
      return 'done'
    }
    if (tries === 1) log('update-waits', { updateId: update.update_id, result })
    await clock.sleep(Math.min(BACKOFF_MS * 2 ** Math.min(tries - 1, 10), BACKOFF_MAX_MS), signal)
  }
  return 'stopped'
}

function waitMs(error: unknown, failures: number): number {
  const retryAfterS = error instanceof GrammyError ? error.parameters.retry_after : undefined
  if (retryAfterS !== undefined) return retryAfterS * 1000
  return Math.min(BACKOFF_MS * 2 ** Math.min(failures - 1, 10), BACKOFF_MAX_MS)
}
