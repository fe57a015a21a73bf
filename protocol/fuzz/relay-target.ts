import { type Bytes, fromHex, readUtf8, toCanonicalBase64Url, utf8 } from '../src/bytes.ts'
import { KNOWN_ANSWERS } from '../src/sealed/check-known-answers.ts'
import { KNOWN_EPOCH, KNOWN_MODEL, KNOWN_NOW_MS } from '../src/sealed/known-keys.ts'
import { createTicketReader, type TicketEvent } from '../src/sealed-client/read-ticket.ts'
import { type ReadFrame, readRelayFrames } from '../src/sealed-client/relay-frame.ts'
import type { SealedTicket } from '../src/sealed-client/sealed-ticket.ts'
import type { FuzzTarget, FuzzVerdict } from './fuzz-target.ts'
import { mutate, mutateJson, pick, type Random } from './mutate.ts'

const known = KNOWN_ANSWERS.suites.x25519
const TEXT = known.pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('')
const PRICE = { input: 100_000, output: 300_000 } as const

/** What a client keeps of the recorded request. */
const TICKET: SealedTicket = {
  version: 1,
  key: 'key/0',
  model: KNOWN_MODEL.id,
  tier: 'confidential',
  envelope: known.envelope,
  requestHash: known.requestHash,
  manifestDigest: KNOWN_MODEL.manifestDigest,
  tokensMax: { prompt: 512, completion: 256 },
  candidates: known.recipients.map(({ evidenceDigest }, at) => ({
    runnerId: `run_${at}`,
    kind: 'tee',
    epoch: KNOWN_EPOCH,
    evidenceDigest,
    signingKey: base64UrlOf(KNOWN_ANSWERS.documents.runner.publicKey),
    secret: base64UrlOf(known.secrets[at] ?? ''),
    enc: known.envelope.wraps[at]?.enc ?? '',
    price: PRICE,
  })),
  isSimulated: false,
  sealedAtMs: KNOWN_NOW_MS,
  deliveredTokens: 0,
}

const FRAMES: readonly object[] = [
  { type: 'job', jobId: known.receipt.jobId, model: KNOWN_MODEL.id, holdNano: '90' },
  ...known.chunks.map((data, seq) => ({
    type: 'chunk',
    attempt: 0,
    candidate: 1,
    seq,
    data,
    ...(seq === 0 ? { nonce: base64UrlOf(known.responseNonce) } : {}),
  })),
  {
    type: 'end',
    finish: 'stop',
    usage: { promptTokens: 12, completionTokens: 4, costNano: '3' },
    receipts: [known.receipt],
  },
]

/** A sealed answer's stream as the coordinator carries it, and may change it: no word is shown that was not sealed. */
export function makeRelayTarget(): FuzzTarget {
  return {
    name: 'relay frames, read by a client',
    weight: 2,
    sound: utf8(FRAMES.map(lineOf).join('')),
    make: mutateStream,
    judge: async (bytes) => judgeEvents(await readEvents(bytes)),
  }
}

/** Frames changed, dropped, repeated, moved, or bytes of the stream changed. */
function mutateStream(random: Random): Bytes {
  const lines = FRAMES.map(lineOf)
  const at = pick(lines.length, random)
  const line = lines[at] ?? ''
  switch (pick(6, random)) {
    case 0:
      return mutate(utf8(lines.join('')), random)
    case 1:
      return utf8(lines.toSpliced(at, 1).join(''))
    case 2:
      return utf8(lines.toSpliced(pick(lines.length, random), 0, line).join(''))
    case 3:
      return utf8(lines.toSpliced(at, 1).toSpliced(pick(lines.length, random), 0, line).join(''))
    default:
      return utf8(lines.with(at, `${readUtf8(mutateJson(utf8(line), random)) ?? ''}\n`).join(''))
  }
}

type Read = { readonly events: readonly TicketEvent[]; readonly isBroken: boolean }

async function readEvents(bytes: Bytes): Promise<Read> {
  const reader = createTicketReader(TICKET)
  const events: TicketEvent[] = []
  const frames = readRelayFrames(streamOf(bytes))
  for (;;) {
    const next = await nextFrame(frames)
    if (next === 'broken' || next === 'over') return { events, isBroken: next === 'broken' }
    events.push(...(await reader.take(next)))
  }
}

/** A stream that is no stream of frames breaks off, by what it throws; what is made of frames throws nothing. */
async function nextFrame(frames: AsyncGenerator<ReadFrame>): Promise<ReadFrame | 'broken' | 'over'> {
  try {
    const { done, value } = await frames.next()
    return done ? 'over' : value
  } catch {
    return 'broken'
  }
}

function judgeEvents({ events, isBroken }: Read): FuzzVerdict {
  const texts = events.flatMap((event) => (event.type === 'text' ? [event.piece.text] : []))
  const end = events.find((event) => event.type === 'end')
  const isWhole = end !== undefined && end.finish !== 'failed' && end.finish !== 'cancelled'
  if (!TEXT.startsWith(texts.join(''))) return 'accepted'
  if (isWhole && texts.join('') !== TEXT) return 'accepted'
  return isWhole && !isBroken ? 'read' : 'refused'
}

function streamOf(bytes: Bytes): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}

function lineOf(frame: object): string {
  return `${JSON.stringify(frame)}\n`
}

function base64UrlOf(hex: string): string {
  return toCanonicalBase64Url(fromHex(hex) ?? new Uint8Array())
}
