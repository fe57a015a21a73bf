import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import type { SealedTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'
import type { SealedPart } from '../chat/conversation.ts'
import type { TurnEvent } from '../chat/turn/next-turn.ts'
import { codeOfReason } from './reasons.ts'

/** What a frame that came out of the seal changes about an answer. */
export function fromAnswerFrame(
  frame: AnswerFrame,
  tickets: readonly SealedTicket[],
  detail: TroubleDetail | undefined,
): readonly TurnEvent[] {
  switch (frame.type) {
    case 'job':
      return [{ type: 'opened', jobId: frame.jobId }]
    case 'queued':
      return [{ type: 'queued', place: frame.place, waitSeconds: Math.ceil(frame.waitSeconds) }]
    case 'pause':
      return [{ type: 'paused' }]
    case 'delta':
      return [{ type: 'words', text: frame.text, reasoning: frame.reasoning ?? '' }]
    case 'refused':
      return [failedOf(frame.reason, detail)]
    case 'end':
      return fromEnd(frame, tickets, detail)
    default:
      return frame satisfies never
  }
}

/** What exactly was wrong, and the evidence that it was about. */
export type TroubleDetail = { readonly why: string; readonly evidence?: string }

function fromEnd(
  { finish, reason, usage, receipts }: Extract<AnswerFrame, { type: 'end' }>,
  tickets: readonly SealedTicket[],
  detail: TroubleDetail | undefined,
): readonly TurnEvent[] {
  const sealed = receipts.flatMap((receipt) => (receipt.version === 2 ? partOf(receipt, tickets) : []))
  const { costNano, promptTokens, completionTokens } = usage
  // What somebody else says of the cost of an altered answer is not believed: the record is asked for afterwards.
  const cost = reason === 'seal-broken' ? {} : { costNano, promptTokens, completionTokens }
  const used = { ...cost, ...(sealed.length > 0 ? { sealed } : {}) }
  const events: TurnEvent[] = [{ type: 'used', used }]
  if (finish === 'failed') return [...events, failedOf(reason ?? 'failed', detail)]
  // Whoever stopped it knows; anybody else reads that the answer is not whole.
  const isCut = finish === 'length' || finish === 'cancelled'
  return [...events, { type: 'finished', isCut }, { type: 'done' }]
}

function failedOf(reason: string, detail: TroubleDetail | undefined): TurnEvent {
  // A network that is not there is waited for: nothing was decided yet.
  if (reason === 'unreachable' || detail?.why === 'unreachable') return { type: 'broken' }
  return { type: 'failed', code: codeOfReason(reason), ...(detail ? { detail } : {}) }
}

/** A receipt with what the device itself knows of it: the hash of what it sent, and whose key its runner showed. */
function partOf(receipt: SealedPart['receipt'], tickets: readonly SealedTicket[]): readonly SealedPart[] {
  const ticket = tickets.find(({ requestHash }) => requestHash === receipt.inputHash)
  const candidate = ticket?.candidates.find(({ runnerId }) => runnerId === receipt.runnerId)
  if (!ticket || !candidate) return []
  const { model, tier, requestHash, manifestDigest, isSimulated, sealedAtMs } = ticket
  const { kind, runnerId, evidenceDigest, signingKey, price } = candidate
  const { outputHash } = receipt // compared with what was received, before it came out of the seal
  return [
    {
      receipt,
      model,
      tier: tier === 'own' ? 'own' : 'confidential',
      kind,
      runnerId,
      evidenceDigest,
      manifestDigest,
      price,
      signingKey,
      requestHash,
      outputHash,
      isSimulated,
      sealedAtMs,
    },
  ]
}
