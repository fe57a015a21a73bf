import type { AnswerUsage, AnyReceipt } from '../answer.ts'
import { fromCanonicalBase64Url } from '../bytes.ts'
import { canonicalJson } from '../canonical-json.ts'
import { outputHash } from '../receipt-hashes.ts'
import type { Finish } from '../runner/up.ts'
import { type AnswerOpener, createAnswerOpener } from '../sealed/answer.ts'
import { answerKeys, RESPONSE_NONCE_BYTES } from '../sealed/answer-keys.ts'
import { type AnswerPiece, readPiece } from '../sealed/answer-pieces.ts'
import { findSealedReceiptFault, type SealedReceipt } from '../sealed/sealed-receipt.ts'
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
  | 'receipt-altered'
  | 'receipt-missing'
  | 'overcharged'
  | `receipt-${string}`

/** Opens a ticket's answer. Each frame gives the events that follow from it; after an `end` there is nothing more. */
export type TicketReader = { readonly take: (frame: ReadFrame) => Promise<readonly TicketEvent[]> }

type Reading = {
  readonly attempt: number
  readonly candidate: SealedTicket['candidates'][number]
  readonly opener: AnswerOpener
  readonly data: string[]
  hasBegun: boolean
  hasText: boolean
  end: Extract<AnswerPiece, { type: 'end' }> | undefined
}

const NOTHING_USED: AnswerUsage = { promptTokens: 0, completionTokens: 0, costNano: '0' }

export function createTicketReader(ticket: SealedTicket): TicketReader {
  let jobId: string | undefined
  let reading: Reading | undefined
  let isOver = false

  const broken = (fault: SealFault): readonly TicketEvent[] => {
    isOver = true
    return [{ type: 'end', finish: 'failed', reason: 'seal-broken', fault, usage: NOTHING_USED }]
  }

  const takeChunk = async (frame: Extract<ReadFrame, { type: 'chunk' }>): Promise<readonly TicketEvent[]> => {
    if (reading?.attempt !== frame.attempt) {
      // Another runner begins anew only where nothing was shown yet: it cannot go on behind words that it does not know.
      if (reading?.hasText || frame.seq !== 0) return broken(frame.seq === 0 ? 'two-answers' : 'chunk-order')
      const opened = await openReading(ticket, frame)
      if (typeof opened === 'string') return broken(opened)
      reading = opened
    }
    if (reading.data.length !== frame.seq) return broken('chunk-order')
    const chunk = fromCanonicalBase64Url(frame.data)
    const opened = chunk && (await reading.opener.open(chunk))
    const piece = opened && readPiece(opened.piece)
    if (!piece || opened.isLast !== (piece.type === 'end')) return broken('chunk-altered')
    reading.data.push(frame.data)
    return takePiece(reading, piece)
  }

  const takePiece = (from: Reading, piece: AnswerPiece): readonly TicketEvent[] => {
    switch (piece.type) {
      case 'begin': {
        if (from.hasBegun) return broken('chunk-order')
        if (piece.requestHash !== ticket.requestHash) return broken('other-request')
        const { runnerId, evidenceDigest } = from.candidate
        if (piece.runnerId !== runnerId || piece.evidenceDigest !== evidenceDigest)
          return broken('other-runner')
        if (piece.manifestDigest !== ticket.manifestDigest) return broken('other-model')
        from.hasBegun = true
        return [{ type: 'begun', candidate: from.candidate }]
      }
      case 'text':
        if (!from.hasBegun) return broken('chunk-order')
        from.hasText = true
        return [{ type: 'text', piece }]
      case 'end':
        if (!from.hasBegun) return broken('chunk-order')
        from.end = piece
        return []
      default:
        return piece satisfies never
    }
  }

  const takeEnd = async (frame: Extract<ReadFrame, { type: 'end' }>): Promise<readonly TicketEvent[]> => {
    isOver = true
    const { usage } = frame
    if (frame.finish === 'failed' || !reading?.end) {
      // Without its last chunk an answer is not whole, whatever is said outside.
      if (frame.finish !== 'failed' && frame.finish !== 'cancelled') return broken('cut-off')
      if (readNano(usage.costNano) > 0n && !reading?.end) return broken('receipt-missing')
      const finish = frame.finish === 'failed' ? 'failed' : 'cancelled'
      return [{ type: 'end', finish, usage, ...(frame.reason === undefined ? {} : { reason: frame.reason }) }]
    }
    const { receipt, finish } = reading.end
    const fault = await findFault(ticket, reading, receipt, { jobId, frame })
    if (fault) return broken(fault)
    return [{ type: 'end', finish, usage, receipt }]
  }

  return {
    take: async (frame) => {
      if (isOver) return []
      switch (frame.type) {
        case 'job':
          jobId = frame.jobId
          return [{ type: 'job', jobId, holdNano: frame.holdNano }]
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
        case 'refused': {
          isOver = true
          const { reason, retryAfterSeconds } = frame
          const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
          return [{ type: 'end', finish: 'failed', reason, usage: NOTHING_USED, ...later }]
        }
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
  return {
    attempt: frame.attempt,
    candidate,
    opener,
    data: [],
    hasBegun: false,
    hasText: false,
    end: undefined,
  }
}

/** Compares the receipt inside the seal with what came outside, and with what was charged. */
async function findFault(
  ticket: SealedTicket,
  { attempt, candidate, data }: Reading,
  receipt: SealedReceipt,
  {
    jobId,
    frame,
  }: { readonly jobId: string | undefined; readonly frame: Extract<ReadFrame, { type: 'end' }> },
): Promise<SealFault | undefined> {
  const said = canonicalJson(receipt)
  const isTold = frame.receipts.some((one) => isJson(one) && canonicalJson(one) === said)
  if (!isTold) return frame.receipts.length === 0 ? 'receipt-missing' : 'receipt-altered'
  const fault = await findSealedReceiptFault(receipt, {
    jobId: jobId ?? '',
    attempt,
    runnerId: candidate.runnerId,
    evidenceDigest: candidate.evidenceDigest,
    manifestDigest: ticket.manifestDigest,
    inputHash: ticket.requestHash,
    outputHash: await outputHash(jobId ?? '', attempt, data.slice(0, -1)),
    tokensMax: ticket.tokensMax,
    signingKey: fromCanonicalBase64Url(candidate.signingKey) ?? new Uint8Array(),
  })
  if (fault) return `receipt-${fault}`
  const { price, promptTokens, completionTokens } = receipt
  const isDear = price.input > candidate.price.input || price.output > candidate.price.output
  const cost =
    BigInt(price.input) * BigInt(promptTokens) + BigInt(price.output) * BigInt(completionTokens) + 999_999n
  const isOver = readNano(frame.usage.costNano) > cost / 1_000_000n
  return isDear || isOver ? 'overcharged' : undefined
}

function isJson(value: unknown): value is AnyReceipt {
  return typeof value === 'object' && value !== null
}

function readNano(text: string): bigint {
  return /^\d{1,16}$/.test(text) ? BigInt(text) : 0n
}
