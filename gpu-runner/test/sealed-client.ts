import type { AcceptedEvidence } from '../../protocol/src/attestation/verify-evidence.ts'
import { fromHex, utf8 } from '../../protocol/src/bytes.ts'
import type { SealedOffer } from '../../protocol/src/runner/down.ts'
import type { SealedQuestion } from '../../protocol/src/runner/sealed-question.ts'
import type { SealKeysFrame, UpFrame } from '../../protocol/src/runner/up.ts'
import { suiteOf } from '../../protocol/src/sealed/all-suites.ts'
import { checkPairedKeys } from '../../protocol/src/sealed/paired-keys.ts'
import { sealKeyOf } from '../../protocol/src/sealed/seal-keys.ts'
import type { Suite } from '../../protocol/src/sealed/suites.ts'
import type { Candidate } from '../../protocol/src/sealed-client/choose-runners.ts'
import { createTicketReader, type TicketEvent } from '../../protocol/src/sealed-client/read-ticket.ts'
import { makeTicket, type SealedTicket } from '../../protocol/src/sealed-client/sealed-ticket.ts'
import { FACTS } from './scripted-engine.ts'

export const PRICE = { input: 20_000_000, output: 60_000_000 }
export const QUESTION: SealedQuestion = {
  version: 1,
  messages: [{ role: 'user', content: 'What is a secret?' }],
  params: { maxTokens: 50 },
}

/** A paired runner, as a client that confirmed it knows it from its announcement. */
export async function pairedCandidate(frame: SealKeysFrame | undefined, nowMs: number, suite: Suite) {
  const checked = await checkPairedKeys(utf8(frame?.document ?? ''), nowMs)
  if (!checked.ok) throw new Error(checked.reason)
  const { keys, digest, signingKey } = checked
  return {
    runnerId: keys.runnerId,
    kind: 'paired',
    epoch: keys.kem.epoch,
    evidenceDigest: digest,
    publicKey: sealKeyOf(keys.kem, suite) ?? new Uint8Array(),
    signingKey,
    price: PRICE,
    isSimulated: false,
  } satisfies Candidate
}

/** A runner in a TEE, as a client that verified its evidence knows it. */
export function teeCandidate({ statement, evidenceDigest }: AcceptedEvidence, suite: Suite): Candidate {
  return {
    runnerId: statement.runnerId,
    kind: 'tee',
    epoch: statement.kem.epoch,
    evidenceDigest,
    publicKey: sealKeyOf(statement.kem, suite) ?? new Uint8Array(),
    signingKey: fromHex(statement.signingKey) ?? new Uint8Array(),
    price: PRICE,
    isSimulated: true,
  }
}

export type SealPlan = {
  readonly nowMs: number
  readonly suite?: Suite
  readonly question?: SealedQuestion
  readonly manifestDigest?: string
}

/** Seals a question to runners as every client does. */
export async function sealTo(candidates: readonly Candidate[], plan: SealPlan): Promise<SealedTicket> {
  const made = await makeTicket({
    key: 'key/0',
    model: FACTS.model,
    tier: candidates[0]?.kind === 'tee' ? 'confidential' : 'own',
    question: plan.question ?? QUESTION,
    chosen: {
      ok: true,
      candidates,
      directoryDigest: '22'.repeat(32),
      manifestDigest: plan.manifestDigest ?? FACTS.manifestDigest,
      contextTokens: FACTS.contextTokens,
      policySeq: 1,
    },
    suite: suiteOf(plan.suite ?? 'x25519'),
    nowMs: plan.nowMs,
  })
  if (!made.ok) throw new Error(made.reason)
  return made.ticket
}

/** The offer that a coordinator makes of it. */
export function offerOf({ envelope }: SealedTicket, jobId = 'job_1', attempt = 0): SealedOffer {
  return { type: 'job.offer', kind: 'sealed', jobId, attempt, price: PRICE, envelope }
}

/** Opens what a runner sent, with the code that every client runs. */
export async function readAnswer(ticket: SealedTicket, frames: readonly UpFrame[], jobId = 'job_1') {
  const reader = createTicketReader(ticket)
  const events: TicketEvent[] = []
  const take = async (frame: Parameters<typeof reader.take>[0]) =>
    void events.push(...(await reader.take(frame)))
  await take({ type: 'job', jobId, model: ticket.model, holdNano: '1' })
  for (const frame of frames) {
    if (frame.type === 'job.chunk') {
      const { attempt, seq, data, nonce } = frame
      await take({ type: 'chunk', attempt, candidate: 0, seq, data, ...(nonce ? { nonce } : {}) })
    } else if (frame.type === 'job.sealed-done') {
      const { promptTokens, completionTokens } = frame.receipt
      const usage = { promptTokens, completionTokens, costNano: '0' }
      await take({ type: 'end', finish: 'stop', usage, receipts: [frame.receipt] })
    }
  }
  const pieces = events.flatMap((event) => (event.type === 'text' ? [event.piece] : []))
  return {
    events,
    pieces,
    text: pieces.map(({ text }) => text).join(''),
    end: events.find((event) => event.type === 'end'),
  }
}
