import type { RelayFrame } from '../../../protocol/src/answer.ts'
import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { makeJobId } from '../../../protocol/src/ids.ts'
import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import { epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { X25519 } from '../../../protocol/src/sealed/suite-x25519.ts'
import type { Candidate } from '../../../protocol/src/sealed-client/choose-runners.ts'
import { createTicketReader, type TicketEvent } from '../../../protocol/src/sealed-client/read-ticket.ts'
import { relayFrameSchema } from '../../../protocol/src/sealed-client/relay-frame.ts'
import { makeTicket, type SealedTicket } from '../../../protocol/src/sealed-client/sealed-ticket.ts'
import type { SealedJob } from '../jobs/chat-job.ts'
import { readSealedChat } from '../sealed/read-sealed-chat.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import type { LinkFacts } from './desk.ts'
import { type DeskFixture, settleDown, setupReader, setupRunner } from './desk-fixture.ts'
import { receiveFrame } from './receive-frame.ts'
import { addSealedKey } from './sealed-links.ts'
import { makeEpochKeys, makeSigningPair, openOffer, runnerIdOfTee } from './sealing-fixture.ts'
import { startJob } from './start-job.ts'

/** Words that may stand nowhere but inside a seal. */
export const SECRET_QUESTION = 'xyzzy-question'
/** The account that asks, as the desk's fixture makes its jobs. */
const ME = 7

export type SealedRunner = Awaited<ReturnType<typeof setupSealedRunner>>

/** A linked runner with an admitted key, that really opens what is sealed to it. */
export async function setupSealedRunner(
  fixture: DeskFixture,
  {
    kind = 'tee',
    facts = {},
    key: change = {},
  }: {
    readonly kind?: SealedKey['kind']
    readonly facts?: Partial<LinkFacts>
    readonly key?: Partial<SealedKey>
  } = {},
) {
  const { desk } = fixture
  const runner = await setupRunner(fixture, facts)
  const { linkId, manifestDigest, runnerId: pairedId } = runner.facts
  const nowMs = desk.deps.nowMs()
  const epoch = change.epoch ?? epochAt(nowMs)
  const pair = await makeSigningPair()
  const { keys } = await makeEpochKeys(epoch, ['x25519'])
  const key: SealedKey = {
    runnerId: kind === 'tee' ? await runnerIdOfTee(pair) : pairedId,
    kind,
    epoch,
    evidenceDigest: [...crypto.getRandomValues(new Uint8Array(32))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),
    signingKey: toCanonicalBase64Url(pair.publicKey),
    untilMs: nowMs + 3_600_000,
    policySeq: kind === 'tee' ? 1 : 0,
    isSimulated: kind === 'tee',
    ...change,
  }
  const link = desk.links.get(linkId)
  if (!link) throw new Error('no link')
  addSealedKey(desk, link, key)
  const sealer = { ...key, manifestDigest, pair, keys }
  const lastOffer = (): JobOffer => {
    const offer = fixture.offersTo(linkId).at(-1)
    if (!offer) throw new Error('nothing was offered')
    return offer
  }
  return {
    ...runner,
    key,
    link,
    pair,
    lastOffer,
    /** What a client seals to. */
    candidate: {
      ...key,
      publicKey: keys[0]?.publicKey ?? new Uint8Array(),
      signingKey: pair.publicKey,
      price: kind === 'paired' ? { input: 0, output: 0 } : runner.facts.ask,
    } satisfies Candidate,
    /** Opens the last offer, or another. */
    open: (offer = lastOffer()) =>
      openOffer(sealer, offer, {
        send: (frame) => receiveFrame(desk, linkId, frame),
        nowMs: desk.deps.nowMs(),
      }),
    refuse(reason: 'key-epoch' | 'cannot-open' | 'not-for-me' | 'too-old') {
      const { jobId, attempt } = lastOffer()
      receiveFrame(desk, linkId, { type: 'job.unsealable', jobId, attempt, reason })
    },
  }
}

let jobs = 0

/** Seals a question to runners, and makes the job that it becomes. */
export async function sealJob(
  { desk }: DeskFixture,
  to: readonly Pick<SealedRunner, 'candidate' | 'facts'>[],
  extra: Partial<SealedJob> & { readonly maxTokens?: number } = {},
): Promise<{ readonly job: SealedJob; readonly ticket: SealedTicket }> {
  const { maxTokens = 200, ...change } = extra
  const nowMs = desk.deps.nowMs()
  const made = await makeTicket({
    key: 'k',
    model: 'm',
    tier: change.tier === 'own' ? 'own' : 'confidential',
    question: {
      version: 1,
      messages: [{ role: 'user', content: SECRET_QUESTION }],
      params: { maxTokens },
    },
    chosen: {
      ok: true,
      candidates: to.map(({ candidate }) => candidate),
      directoryDigest: 'd'.repeat(64),
      manifestDigest: to[0]?.facts.manifestDigest ?? '',
      contextTokens: 1024,
      policySeq: 1,
    },
    suite: X25519,
    nowMs,
  })
  if (!made.ok) throw new Error(made.reason)
  const { ticket } = made
  const read = await readSealedChat({ model: 'm', ...ticket.envelope }, nowMs)
  if (!read.ok) throw new Error(read.reason)
  jobs += 1
  const job: SealedJob = {
    ...read.order,
    jobId: makeJobId(nowMs + jobs, new Uint8Array(16).fill(3)),
    caller: { accountId: ME, keyId: undefined },
    ...change,
  }
  return { job, ticket }
}

/** Seals a question to runners and starts its job. */
export async function startSealed(
  fixture: DeskFixture,
  to: readonly Pick<SealedRunner, 'candidate' | 'facts'>[],
  extra: Parameters<typeof sealJob>[2] = {},
) {
  const { job, ticket } = await sealJob(fixture, to, extra)
  const reader = setupReader()
  const started = startJob(fixture.desk, job, reader.sink)
  await settleDown()
  return { job, ticket, reader, started }
}

/** What the client makes of the frames that reached it. */
export async function readSealed(ticket: SealedTicket, frames: readonly RelayFrame[]) {
  const reader = createTicketReader(ticket)
  const events: TicketEvent[] = []
  for (const frame of frames) events.push(...(await reader.take(relayFrameSchema.parse(frame))))
  return {
    events,
    text: events.map((event) => (event.type === 'text' ? event.piece.text : '')).join(''),
    end: events.find((event) => event.type === 'end'),
  }
}

/** Waits until a job has ended: checking a receipt takes the runtime's own threads some time. */
export async function settleJob({ desk }: DeskFixture, { jobId }: Pick<SealedJob, 'jobId'>): Promise<void> {
  for (let turn = 0; turn < 20_000 && desk.jobs.has(jobId); turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  await settleDown()
}
