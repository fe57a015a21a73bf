import type { AnswerUsage } from '../answer.ts'
import { fromCanonicalBase64Url } from '../bytes.ts'
import type { Finish } from '../runner/up.ts'
import { type AnswerOpener, createAnswerOpener } from '../sealed/answer.ts'
import { answerKeys, RESPONSE_NONCE_BYTES } from '../sealed/answer-keys.ts'
import { type AnswerPiece, readPiece } from '../sealed/answer-pieces.ts'
import type { SealedReceipt } from '../sealed/sealed-receipt.ts'
import { findReceiptFault, type ReceiptFault } from './check-receipt.ts'
import type { ReadFrame } from './relay-frame.ts'
import type { SealedTicket } from './sealed-ticket.ts'

/** What comes of a sealed answer, opened and checked. */
export type TicketEvent =
  | { readonly type: 'job'; readonly jobId: string; readonly holdNano: string }
  | { readonly type: 'queued'; readonly place: number; readonly waitSeconds: number }
  | { readonly type: 'pause' }
  /** A runner proved that it opened this request with the model that was asked for. */
  | { readonly type: 'begun'; readonly candidate: SealedTicket['candidates'][number] }
  | { readonly type: 'text'; readonly piece: Extract<AnswerPiece, { type: 'text' }> }
  | TicketEnd

export type TicketEnd = {
  readonly type: 'end'
  readonly finish: Finish | 'failed'
  readonly reason?: string
  /** With `seal-broken`: what exactly was wrong. */
  readonly fault?: SealFault
  readonly usage: AnswerUsage
  readonly receipt?: SealedReceipt
  readonly retryAfterSeconds?: number
}

/** What whoever carries an answer did to it. */
export type SealFault =
  | 'words-outside-the-seal'
  | 'unknown-candidate'
  | 'bad-nonce'
  | 'chunk-altered'
  | 'chunk-order'
  | 'other-request'
  | 'other-runner'
  | 'other-model'
  | 'cut-off'
  | 'two-answers'
  | 'stopped-by-another'
  | ReceiptFault

/**
 * Opens a ticket's answer. Each frame gives the events that follow from it; after an `end` there is nothing more.
 * `reopen`: the stream broke off, and the answer comes again from its beginning. Then what was given is not given again,
 * and must be the same byte for byte: two answers are never sewn together.
 */
export type TicketReader = {
  readonly take: (frame: ReadFrame) => Promise<readonly TicketEvent[]>
  readonly reopen: () => void
}

type Reading = {
  readonly attempt: number
  readonly candidate: SealedTicket['candidates'][number]
  readonly opener: AnswerOpener
  readonly nonce: string | undefined
  /** Every chunk that was opened. */
  readonly data: string[]
  /** The place of the chunk that comes next in this stream. */
  next: number
  hasBegun: boolean
  end: Extract<AnswerPiece, { type: 'end' }> | undefined
}

/** Runners that one job may try, one after the other. */
const READINGS_MAX = 16
const NOTHING_USED: AnswerUsage = { promptTokens: 0, completionTokens: 0, costNano: '0' }

export function createTicketReader(ticket: SealedTicket): TicketReader {
  const readings = new Map<number, Reading>()
  let jobId: string | undefined
  let reading: Reading | undefined
  /** The attempt whose words were shown: no other may show any. */
  let shown: number | undefined
  let isOver = false

  const broken = (fault: SealFault, usage = NOTHING_USED): readonly TicketEvent[] => {
    isOver = true
    return [{ type: 'end', finish: 'failed', reason: 'seal-broken', fault, usage }]
  }

  const takeJob = (frame: Extract<ReadFrame, { type: 'job' }>): readonly TicketEvent[] => {
    if (jobId === frame.jobId) return []
    if (shown !== undefined) return broken('two-answers')
    jobId = frame.jobId
    return [{ type: 'job', jobId, holdNano: frame.holdNano }]
  }

  /** The reading that a chunk belongs to: the one before, or another runner's that begins. */
  const readingOf = async (frame: Extract<ReadFrame, { type: 'chunk' }>): Promise<Reading | SealFault> => {
    if (reading?.attempt === frame.attempt) return reading
    if (frame.seq !== 0 || frame.attempt < (reading?.attempt ?? 0)) return 'chunk-order'
    const known = readings.get(frame.attempt)
    if (known) return known
    // Another runner begins anew only where nothing was shown yet: it cannot go on behind words that it does not know.
    if (shown !== undefined) return 'two-answers'
    if (readings.size === READINGS_MAX) return 'chunk-order'
    return openReading(ticket, frame)
  }

  const takeChunk = async (frame: Extract<ReadFrame, { type: 'chunk' }>): Promise<readonly TicketEvent[]> => {
    const found = await readingOf(frame)
    if (typeof found === 'string') return broken(found)
    reading = found
    readings.set(found.attempt, found)
    if (frame.seq !== found.next) return broken('chunk-order')
    found.next += 1
    const before = found.data[frame.seq]
    if (before !== undefined) {
      const isSame = before === frame.data && (frame.seq !== 0 || frame.nonce === found.nonce)
      return isSame ? [] : broken('two-answers')
    }
    const chunk = fromCanonicalBase64Url(frame.data)
    const opened = chunk && (await found.opener.open(chunk))
    const piece = opened && readPiece(opened.piece)
    if (!piece || opened.isLast !== (piece.type === 'end')) return broken('chunk-altered')
    found.data.push(frame.data)
    return takePiece(found, piece)
  }

  const takePiece = (from: Reading, piece: AnswerPiece): readonly TicketEvent[] => {
    if (from.hasBegun !== (piece.type !== 'begin')) return broken('chunk-order')
    switch (piece.type) {
      case 'begin': {
        if (piece.requestHash !== ticket.requestHash) return broken('other-request')
        const { runnerId, evidenceDigest } = from.candidate
        if (piece.runnerId !== runnerId || piece.evidenceDigest !== evidenceDigest)
          return broken('other-runner')
        if (piece.manifestDigest !== ticket.manifestDigest) return broken('other-model')
        from.hasBegun = true
        return [{ type: 'begun', candidate: from.candidate }]
      }
      case 'text':
        if (shown !== undefined && shown !== from.attempt) return broken('two-answers')
        shown = from.attempt
        return [{ type: 'text', piece }]
      case 'end':
        from.end = piece
        return []
      default:
        return piece satisfies never
    }
  }

  const takeEnd = async (frame: Extract<ReadFrame, { type: 'end' }>): Promise<readonly TicketEvent[]> => {
    isOver = true
    const { usage, finish, reason } = frame
    if (!reading?.end) {
      // Without its last chunk an answer is not whole, whatever is said outside.
      if (finish !== 'failed' && finish !== 'cancelled') return broken('cut-off', usage)
      if (BigInt(usage.costNano) > 0n) return broken('receipt-missing', usage)
      return [{ type: 'end', finish, usage, ...(reason === undefined ? {} : { reason }) }]
    }
    const { receipt, finish: sealedFinish } = reading.end
    const fault = await findReceiptFault(ticket, { ...reading, jobId }, receipt, frame)
    return fault ? broken(fault, usage) : [{ type: 'end', finish: sealedFinish, usage, receipt }]
  }

  const takeRefused = ({ reason, retryAfterSeconds }: Extract<ReadFrame, { type: 'refused' }>): TicketEnd => {
    isOver = true
    const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
    return { type: 'end', finish: 'failed', reason, usage: NOTHING_USED, ...later }
  }

  return {
    reopen: () => {
      reading = undefined
      for (const one of readings.values()) one.next = 0
    },
    take: async (frame) => {
      if (isOver) return []
      switch (frame.type) {
        case 'job':
          return takeJob(frame)
        case 'queued':
          return [{ type: 'queued', place: frame.place, waitSeconds: frame.waitSeconds }]
        case 'pause':
          return [{ type: 'pause' }]
        case 'chunk':
          return takeChunk(frame)
        case 'delta':
          return broken('words-outside-the-seal')
        case 'end':
          return takeEnd(frame)
        case 'refused':
          return [takeRefused(frame)]
        default:
          return frame satisfies never
      }
    },
  }
}

async function openReading(
  ticket: SealedTicket,
  frame: Extract<ReadFrame, { type: 'chunk' }>,
): Promise<Reading | SealFault> {
  const candidate = ticket.candidates[frame.candidate]
  if (!candidate) return 'unknown-candidate'
  const nonce = frame.nonce === undefined ? undefined : fromCanonicalBase64Url(frame.nonce)
  const [secret, enc] = [fromCanonicalBase64Url(candidate.secret), fromCanonicalBase64Url(candidate.enc)]
  if (nonce?.length !== RESPONSE_NONCE_BYTES || !secret || !enc) return 'bad-nonce'
  const opener = createAnswerOpener(await answerKeys(secret, enc, nonce))
  const { attempt } = frame
  return {
    attempt,
    candidate,
    opener,
    nonce: frame.nonce,
    data: [],
    next: 0,
    hasBegun: false,
    end: undefined,
  }
}
