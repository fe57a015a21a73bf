import {
  type Bytes,
  fromCanonicalBase64Url,
  fromHex,
  readUtf8,
  toCanonicalBase64Url,
  utf8,
} from '../src/bytes.ts'
import { readSealedQuestion } from '../src/runner/sealed-question.ts'
import { suiteOf } from '../src/sealed/all-suites.ts'
import { createAnswerOpener } from '../src/sealed/answer.ts'
import { answerKeys } from '../src/sealed/answer-keys.ts'
import { readPiece, writePiece } from '../src/sealed/answer-pieces.ts'
import { KNOWN_ANSWERS } from '../src/sealed/check-known-answers.ts'
import { readDirectory } from '../src/sealed/directory.ts'
import { type Envelope, envelopeSchema, readEnvelope } from '../src/sealed/envelope.ts'
import { readHeader } from '../src/sealed/header.ts'
import { KNOWN_EPOCH, KNOWN_MODEL, KNOWN_NOW_MS } from '../src/sealed/known-keys.ts'
import { openRequest } from '../src/sealed/open-request.ts'
import { checkPairedKeys } from '../src/sealed/paired-keys.ts'
import { createReplayWindow } from '../src/sealed/replay-window.ts'
import { findSealedReceiptFault, sealedReceiptSchema } from '../src/sealed/sealed-receipt.ts'
import { SUITES, type Suite } from '../src/sealed/suites.ts'
import { isSameJson, mutateCarried } from './attestation-targets.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate, mutateJson, oneOf, pick, type Random } from './mutate.ts'

const { suites, documents, question } = KNOWN_ANSWERS
const jsonOf = (value: unknown): Bytes => utf8(JSON.stringify(value))
const parse = (bytes: Bytes): unknown => {
  try {
    return JSON.parse(readUtf8(bytes) ?? '')
  } catch {
    return undefined // the schema refuses it
  }
}

/** Everything that comes sealed or signed, read as a runner and as a client read it. */
export async function makeSealedTargets(): Promise<readonly FuzzTarget[]> {
  return [
    header(),
    envelope(),
    ...(await Promise.all(SUITES.map(makeRequestTarget))),
    await makeChunkTarget(),
    pieces(),
    sealedQuestion(),
    pairedKeys(),
    directory(),
    receipt(),
  ]
}

function header(): FuzzTarget {
  const sound = utf8(suites.x25519.envelope.header)
  return {
    name: 'sealed header',
    weight: 10,
    sound,
    make: (random) => (pick(2, random) === 0 ? mutate : mutateJson)(sound, random),
    judge: (bytes) => (readHeader(readUtf8(bytes) ?? '') ? 'read' : 'refused'),
  }
}

function envelope(): FuzzTarget {
  const sound = jsonOf(suites['x-wing'].envelope)
  return {
    name: 'envelope',
    weight: 8,
    sound,
    make: (random) => (pick(2, random) === 0 ? mutate : mutateJson)(sound, random),
    judge: (bytes) => {
      const read = envelopeSchema.safeParse(parse(bytes)).data
      return read && readEnvelope(read) ? 'read' : 'refused'
    },
  }
}

async function makeRequestTarget(suite: Suite): Promise<FuzzTarget> {
  const known = suites[suite]
  const [, mine] = known.recipients
  if (!mine) throw new Error('there is no second candidate')
  const key = await suiteOf(suite).cipher.kem.deserializePrivateKey(
    fromHex(mine.privateKey) ?? new Uint8Array(),
  )
  const identity = {
    runnerId: 'run_1',
    evidenceDigest: (epoch: number) => (epoch === KNOWN_EPOCH ? mine.evidenceDigest : undefined),
    privateKey: (epoch: number) => (epoch === KNOWN_EPOCH ? key : undefined),
    modelManifest: KNOWN_MODEL.manifestDigest,
  }
  const sound = jsonOf(known.envelope)
  return {
    name: `sealed request, opened (${suite})`,
    weight: suite === 'x-wing' ? 0.4 : 4,
    sound,
    make: (random) => mutateEnvelope(known.envelope, random),
    judge: async (bytes) => {
      const read = envelopeSchema.safeParse(parse(bytes)).data
      const request = read && readEnvelope(read)
      if (!read || !request) return 'refused'
      const opened = await openRequest(request, identity, { seen: createReplayWindow(), nowMs: KNOWN_NOW_MS })
      if (!opened.ok) return 'refused'
      // The other candidate's wrap is the other candidate's to judge: what is opened here is not touched by it.
      const isMine = (one: Envelope) => JSON.stringify([one.header, one.ct, one.wraps[1]])
      return isMine(read) === isMine(known.envelope) && readUtf8(opened.plaintext) === question
        ? 'read'
        : 'accepted'
    },
  }
}

function mutateEnvelope(sound: Envelope, random: Random): Bytes {
  const kind = pick(4, random)
  if (kind === 0) return mutateJson(jsonOf(sound), random)
  if (kind === 1) return mutateCarried(jsonOf(sound), ['ct'], random)
  if (kind === 2)
    return jsonOf({ ...sound, header: readUtf8(mutateJson(utf8(sound.header), random)) ?? sound.header })
  const wraps = sound.wraps.map((wrap) => {
    const name = oneOf(['enc', 'wrapped'] as const, random)
    const bytes = fromCanonicalBase64Url(wrap[name]) ?? new Uint8Array()
    return { ...wrap, [name]: toCanonicalBase64Url(mutate(bytes, random)) }
  })
  return jsonOf({ ...sound, wraps })
}

async function makeChunkTarget(): Promise<FuzzTarget> {
  const known = suites.x25519
  const keys = await answerKeys(
    fromHex(known.secrets[1] ?? '') ?? new Uint8Array(),
    fromCanonicalBase64Url(known.envelope.wraps[1]?.enc ?? '') ?? new Uint8Array(),
    fromHex(known.responseNonce) ?? new Uint8Array(),
  )
  const chunks = known.chunks.map((chunk) => fromCanonicalBase64Url(chunk) ?? new Uint8Array())
  const [sound] = chunks
  if (!sound) throw new Error('there is no chunk')
  return {
    name: 'answer chunk, opened',
    weight: 6,
    sound,
    // Whole chunks out of their place are as wrong as broken ones.
    make: (random) => (pick(4, random) === 0 ? oneOf(chunks.slice(1), random) : mutate(sound, random)),
    judge: async (bytes) => {
      const opened = await createAnswerOpener(keys).open(bytes)
      if (!opened) return 'refused'
      return Buffer.compare(bytes, sound) === 0 ? 'read' : 'accepted'
    },
  }
}

function pieces(): FuzzTarget {
  const sounds = suites.x25519.pieces.map((piece) => writePiece(piece))
  const [sound] = sounds
  if (!sound) throw new Error('there is no piece')
  return {
    name: 'answer pieces',
    weight: 8,
    sound,
    make: (random) => (pick(2, random) === 0 ? mutate : mutateJson)(oneOf(sounds, random), random),
    judge: (bytes) => (readPiece(bytes) ? 'read' : 'refused'),
  }
}

function sealedQuestion(): FuzzTarget {
  const sound = utf8(question)
  return {
    name: 'sealed question',
    weight: 8,
    sound,
    make: (random) => (pick(2, random) === 0 ? mutate : mutateJson)(sound, random),
    judge: (bytes) => (readSealedQuestion(bytes) ? 'read' : 'refused'),
  }
}

function pairedKeys(): FuzzTarget {
  const sound = utf8(documents.paired.document)
  return {
    name: 'paired keys, verified',
    weight: 3,
    sound,
    make: (random) => mutateCarried(sound, ['keys', 'signature'], random),
    judge: async (bytes) => {
      if (!(await checkPairedKeys(bytes, KNOWN_NOW_MS)).ok) return 'refused'
      return isSameJson(bytes, sound) ? 'read' : 'accepted'
    },
  }
}

function directory(): FuzzTarget {
  const sound = utf8(documents.directory.document)
  return {
    name: 'directory, verified',
    weight: 3,
    sound,
    make: (random) => mutateCarried(sound, ['directory', 'signature'], random),
    judge: async (bytes) => {
      if (!(await readDirectory(bytes, KNOWN_NOW_MS)).ok) return 'refused'
      return isSameJson(bytes, sound) ? 'read' : 'accepted'
    },
  }
}

function receipt(): FuzzTarget {
  const known = suites.x25519.receipt
  const sound = jsonOf(known)
  return {
    name: 'sealed receipt, verified',
    weight: 3,
    sound,
    make: (random) => (pick(4, random) === 0 ? mutate : mutateJson)(sound, random),
    judge: async (bytes) => {
      const read = sealedReceiptSchema.safeParse(parse(bytes)).data
      const fault =
        read &&
        (await findSealedReceiptFault(read, {
          jobId: read.jobId,
          runnerId: read.runnerId,
          evidenceDigest: read.evidenceDigest,
          manifestDigest: read.manifestDigest,
          signingKey: fromHex(documents.runner.publicKey) ?? new Uint8Array(),
        }))
      if (!read || fault) return 'refused'
      return isSameJson(bytes, sound) ? 'read' : 'accepted'
    },
  }
}
