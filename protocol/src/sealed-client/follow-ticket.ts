import { createTicketReader, type TicketEnd, type TicketEvent } from './read-ticket.ts'
import { readRelayFrames } from './relay-frame.ts'
import type { NetworkReply, SealedNetwork } from './sealed-network.ts'
import type { SealedTicket } from './sealed-ticket.ts'

/** The stream broke off before the answer ended: the same tickets can be read again. */
export class SealedStreamBroken extends Error {
  override readonly name = 'SealedStreamBroken'
}

export type FollowDeps = {
  readonly network: SealedNetwork
  /** Resolves early, or throws, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** How often in a row a stream that broke off is opened again without bringing anything. */
  readonly reopens: number
}

const REOPEN_WAIT_MS = 500
const REOPEN_WAIT_MAX_MS = 8_000

/** What does not say how the answer ended: it is asked again. */
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'rate-limited', 'internal'])

/**
 * Reads one ticket to its end, also when its stream breaks off: then it is opened again by the same key, and what was
 * given is not given again. Throws `SealedStreamBroken` when it breaks too often, and when the signal is aborted.
 */
export async function* readTicket(
  { network, reopens, sleep }: FollowDeps,
  ticket: SealedTicket,
  lingerSeconds: number,
  signal: AbortSignal,
): AsyncGenerator<TicketEvent, void, void> {
  const { model, envelope, key } = ticket
  const order = { model, envelope, key, lingerSeconds, maxPrice: dearest(ticket) }
  const reader = createTicketReader(ticket)
  let hasOpened = false
  for (let tries = 0; ; tries++) {
    try {
      const opened = await network.open(order, signal)
      if (!opened.ok && !(PASSING.has(opened.reason) && (hasOpened || opened.reason === 'unreachable')))
        return yield refusedEnd(opened)
      hasOpened ||= opened.ok
      reader.reopen()
      for await (const frame of opened.ok ? readRelayFrames(opened.value) : []) {
        for (const event of await reader.take(frame)) {
          yield event
          if (event.type === 'end') return
          if (event.type === 'text') tries = 0
        }
      }
    } catch (error) {
      if (tries >= reopens || signal.aborted) throw new SealedStreamBroken('', { cause: error })
    }
    if (tries >= reopens || signal.aborted) throw new SealedStreamBroken()
    await sleep(Math.min(REOPEN_WAIT_MS * 2 ** tries, REOPEN_WAIT_MAX_MS), signal)
  }
}

/** What the coordinator said before any job. */
function refusedEnd({ reason, retryAfterSeconds }: Extract<NetworkReply<never>, { ok: false }>): TicketEnd {
  const usage = { promptTokens: 0, completionTokens: 0, costNano: '0' }
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  return { type: 'end', finish: 'failed', reason, usage, ...later }
}

/** The most that any of a ticket's runners asks: none of them may be paid more. */
function dearest({ candidates }: SealedTicket) {
  return {
    input: Math.max(...candidates.map(({ price }) => price.input)),
    output: Math.max(...candidates.map(({ price }) => price.output)),
  }
}
