import {
  type AskSealedDeps,
  askSealed,
  SealedStreamBroken,
} from '../../../protocol/src/sealed-client/ask-sealed.ts'
import type { SealedTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'
import type { ChatBody } from '../chat/conversation.ts'
import type { TurnEvent } from '../chat/turn/next-turn.ts'
import type { SealedReading } from '../chat/turn/run-turn.ts'
import { fromAnswerFrame, type TroubleDetail } from './from-answer-frame.ts'

type Deps = Omit<AskSealedDeps, 'reopens'>

/**
 * Asks a question under a seal and tells what happens to its answer. A stream that breaks off is left to whoever asks:
 * asking again with the same tickets reads the same answer, charged once. Never throws.
 */
export async function* readSealedTurn(
  deps: Deps,
  { body, key, tickets, keep }: SealedReading,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  const seen: { detail: TroubleDetail | undefined; evidence: string | undefined; jobs: string[] } = {
    detail: undefined,
    evidence: undefined,
    jobs: [],
  }
  const made: SealedTicket[] = [...tickets()]
  const frames = askSealed(
    {
      ...deps,
      chooseRunners: async (wish, given) => {
        const chosen = await deps.chooseRunners(wish, given)
        if (!chosen.ok) seen.evidence = chosen.document?.evidenceDigest ?? undefined
        return chosen
      },
      reopens: 0,
    },
    {
      ask: askOf(body, key),
      tickets: made.slice(),
      onTicket: (ticket) => {
        made.push(ticket)
        return keep(ticket)
      },
      onJob: (jobId) => seen.jobs.push(jobId),
      onFault: (why) => {
        seen.detail = { why, ...(seen.evidence ? { evidence: seen.evidence } : {}) }
      },
      signal,
    },
  )
  try {
    for await (const frame of frames) {
      yield* movedTo(seen.jobs)
      yield* fromAnswerFrame(frame, made, seen.detail)
    }
  } catch (error) {
    if (error instanceof SealedStreamBroken || signal.aborted) return yield { type: 'broken' }
    // A browser without X25519 or Ed25519, or an answer that is none: asking again would end the same way.
    const why = error instanceof Error ? error.name : 'unknown'
    yield { type: 'failed', code: 'seal_unable', detail: { why } }
  }
}

/** Tells of a job that another runner goes on in. The first one is told by its own frame. */
function* movedTo(jobs: string[]): Generator<TurnEvent> {
  const last = jobs.length > 1 ? jobs.at(-1) : undefined
  if (last === undefined) return
  jobs.splice(0, jobs.length, last)
  yield { type: 'moved', jobId: last }
}

function askOf({ model, tier, messages, max_tokens, temperature, linger_seconds }: ChatBody, key: string) {
  return {
    model,
    // A sealed question is never asked in a tier that cannot be sealed; an open one does not come here.
    tier: tier === 'own' ? 'own' : 'confidential',
    features: [],
    messages: messages.map(({ role, content }) => ({ role, content })),
    params: { maxTokens: max_tokens, ...(temperature === undefined ? {} : { temperature }) },
    key,
    lingerSeconds: linger_seconds,
  } as const
}
