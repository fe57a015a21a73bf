import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { outputHash } from '../../../protocol/src/receipt-hashes.ts'
import type { SealedOffer } from '../../../protocol/src/runner/down.ts'
import { type AnswerPiece, writePiece } from '../../../protocol/src/sealed/answer-pieces.ts'
import type { OpenedSeal, OpenSealed } from '../attest/open-sealed.ts'
import type { Clock } from '../clock.ts'
import type { ChatRequest, Engine, Piece } from '../engine/engine.ts'
import { SEALED_PACE } from './coalescer.ts'
import { runChat } from './run-job.ts'
import { splitPiece } from './split-piece.ts'
import type { GoodEnd, Put, Work, WorkFacts } from './work.ts'

export type SealedWorkDeps = {
  readonly clock: Clock
  readonly engine: Engine
  readonly openSealed: OpenSealed
}

/**
 * The work of a sealed job: it is opened, answered like any other chat, and every word of the answer leaves sealed. What
 * was asked and answered stands in this process' memory alone, and only as long as it is needed.
 */
export function createSealedWork(deps: SealedWorkDeps, offer: SealedOffer): Work {
  let answer: { readonly opened: OpenedSeal; readonly writer: ChunkWriter } | undefined
  const { manifestDigest } = deps.engine.facts
  return {
    run: async (signal, put) => {
      const opened = await deps.openSealed(offer.envelope, manifestDigest)
      if (!opened.ok) return { ok: false, reason: 'unsealable', why: opened.reason }
      const writer = createChunkWriter(offer, opened, put)
      answer = { opened, writer }
      const { runnerId, evidenceDigest, requestHash } = opened
      writer.write({ type: 'begin', requestHash, runnerId, evidenceDigest, manifestDigest })
      const chat = deps.engine.chat(paidPart(opened), signal)
      const end = await runChat(deps.clock, chat, writer.writeText, SEALED_PACE)
      return (await writer.written()) ? end : { ok: false, reason: 'engine-failed' }
    },
    conclude: async (end, facts, put) => {
      if (!answer) throw new Error('nothing was opened')
      const { opened, writer } = answer
      const receipt = await signReceipt(opened, { offer, manifestDigest, end, facts })
      const data = await writer.seal({ type: 'end', finish: end.finish, receipt }, 'last')
      const { jobId, attempt } = offer
      put((seq) => ({ type: 'job.chunk', jobId, attempt, seq, data }), [data])
      return { type: 'job.sealed-done', jobId, attempt, receipt }
    },
  }
}

/** The question, with no more tokens than the header allows to be paid. */
function paidPart({ question, tokensMax }: OpenedSeal): ChatRequest {
  const { messages, params, delivered } = question
  const maxTokens = Math.min(params.maxTokens, (delivered?.tokens ?? 0) + tokensMax.completion)
  return { messages, params: { ...params, maxTokens }, ...(delivered ? { delivered } : {}) }
}

async function signReceipt(
  { runnerId, evidenceDigest, requestHash, tokensMax, sign }: OpenedSeal,
  {
    offer,
    manifestDigest,
    end,
    facts,
  }: {
    readonly offer: SealedOffer
    readonly manifestDigest: string
    readonly end: GoodEnd
    readonly facts: WorkFacts
  },
) {
  const { jobId, attempt, price } = offer
  const { finish, usage } = end
  return await sign({
    version: 2,
    jobId,
    attempt,
    runnerId,
    evidenceDigest,
    manifestDigest,
    inputHash: requestHash,
    outputHash: await outputHash(jobId, attempt, facts.pieces),
    promptTokens: Math.min(usage.promptTokens, tokensMax.prompt),
    completionTokens: Math.min(usage.completionTokens, tokensMax.completion),
    status: finish === 'cancelled' ? 'stopped' : 'done',
    price,
    startedAtMs: facts.startedAtMs,
    endedAtMs: Math.max(facts.startedAtMs, facts.endedAtMs),
  })
}

type ChunkWriter = {
  readonly write: (piece: AnswerPiece) => void
  readonly writeText: (piece: Piece) => void
  readonly seal: (piece: AnswerPiece, place: 'middle' | 'last') => Promise<string>
  /** Ends when everything that was written is sealed and out. False: something could not be. */
  readonly written: () => Promise<boolean>
}

/** Sealing takes a moment, and chunks must leave in order: each waits for the one before. */
function createChunkWriter(
  { jobId, attempt }: SealedOffer,
  { sealer, nonce }: OpenedSeal,
  put: Put,
): ChunkWriter {
  let queue = Promise.resolve(true)
  const seal = async (piece: AnswerPiece, place: 'middle' | 'last') =>
    toCanonicalBase64Url(await sealer.seal(writePiece(piece), place))
  const write = (piece: AnswerPiece) => {
    queue = queue.then(async (isWhole) => {
      if (!isWhole) return false
      const data = await seal(piece, 'middle')
      const first = (seq: number) => (seq === 0 ? { nonce } : {})
      put((seq) => ({ type: 'job.chunk', jobId, attempt, seq, data, ...first(seq) }), [data])
      return true
    })
    // A piece that cannot be sealed ends the answer; nobody waits for the queue until its end.
    queue = queue.catch(() => false)
  }
  return {
    write,
    writeText: (piece) => {
      const parts = splitPiece(piece)
      if (parts) for (const part of parts) write(part)
      else queue = queue.then(() => false)
    },
    seal,
    written: () => queue,
  }
}
