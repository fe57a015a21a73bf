import { readFile } from 'node:fs/promises'
import { parseJobId } from '../../protocol/src/ids.ts'
import { readAnyReceipt } from '../../protocol/src/receipts/read-receipt.ts'
import type { ReceiptToVerify } from '../../protocol/src/receipts/receipt-facts.ts'
import {
  isReceiptRefused,
  type VerifiedReceipt,
  verifyReceipt,
} from '../../protocol/src/receipts/verify-receipt.ts'
import { createHttpNetwork } from '../../protocol/src/sealed-client/http-network.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { readApiAddress, readApiKey } from './network/api-address.ts'
import { createCoordinatorApi } from './network/coordinator-api.ts'
import { printable } from './output.ts'
import type { CommandContext } from './run-cli.ts'
import { openTrust } from './trust/open-trust.ts'
import { readChainNote } from './verify/chain-note.ts'
import { type EvidenceDeps, type EvidenceFacts, readEvidenceFacts } from './verify/evidence-facts.ts'
import {
  createGetJson,
  type GetJson,
  type JobFacts,
  readJob,
  readKeys,
  readProof,
  readSigner,
} from './verify/job-facts.ts'
import { stepLines, summaryLine } from './verify/step-lines.ts'

/** The network that is asked for what the receipt does not hold itself. */
type Asked = { readonly getJson: GetJson; readonly hasKey: boolean; readonly evidence: EvidenceDeps }

type Failure = { readonly ok: false; readonly sentence: string; readonly exit: ExitCode }

/**
 * `verify <receipt.json | job id>`: checks receipts with whatever can be had, and shows each step. A file needs no
 * network; with `--api` and a key everything is checked. 0 only where nothing failed.
 */
export async function verifyCommand(context: CommandContext): Promise<ExitCode> {
  const { args, output } = context
  const opened = await openNetwork(context)
  if (!opened.ok) return fail(context, opened)
  const found = await findReceipts(args[0], opened.asked)
  if (!found.ok) return fail(context, found)
  const all: VerifiedReceipt[] = []
  for (const receipt of found.receipts) {
    const { verified, why } = await verifyOne(context, receipt, { ...found, asked: opened.asked })
    all.push(verified)
    show(context, verified, why)
  }
  if (!output.isJson) output.line(summaryLine(all.map(({ steps }) => steps)))
  return all.some(isReceiptRefused) ? EXIT.failed : EXIT.ok
}

async function openNetwork(
  context: CommandContext,
): Promise<{ readonly ok: true; readonly asked: Asked | undefined } | Failure> {
  const address = readApiAddress(context)
  // Without an address a receipt is checked with what it holds itself.
  if (!address.ok && context.flags.api === undefined && !context.env.SHARNAQA_API)
    return { ok: true, asked: undefined }
  if (!address.ok) return { ...address, exit: EXIT.usage }
  const trust = await openTrust(context, address.origin)
  if (!trust.ok) return { ...trust, exit: EXIT.usage }
  const key = readApiKey(context)
  const api = { origin: address.origin, key }
  const network = createHttpNetwork(createCoordinatorApi(api))
  const evidence = { network, trust: trust.trust, nowMs: Date.now() }
  return { ok: true, asked: { getJson: createGetJson(api), hasKey: key !== undefined, evidence } }
}

type Found = {
  readonly ok: true
  readonly receipts: readonly unknown[]
  readonly job: JobFacts | undefined
  /** Keys that stand beside the receipts. A runner's id follows from its key, so it does not matter who wrote them down. */
  readonly keys: Readonly<Record<string, string>>
}

/** The receipts that are meant: a job's, or those of a file. */
async function findReceipts(name: string | undefined, asked: Asked | undefined): Promise<Found | Failure> {
  if (name === undefined) return usage('Which receipt? Action: sharnaqa verify <receipt.json | job_…>')
  const jobId = parseJobId(name)
  if (jobId) {
    if (!asked?.hasKey) return usage('A job is read with its account’s key. Action: add --api and --key')
    return ofJob(await readJob(asked.getJson, jobId))
  }
  const text = await readFile(name, 'utf8').catch(() => undefined)
  if (text === undefined) return usage(`${printable(name)} is no job, and no file that can be read.`)
  const read = readReceiptFile(text)
  return read ?? usage(`${printable(name)} holds no receipt in JSON.`)
}

function ofJob(job: Awaited<ReturnType<typeof readJob>>): Found | Failure {
  if (!job.ok) {
    const exit = job.reason === 'unreachable' ? EXIT.unreachable : EXIT.refused
    return { ok: false, sentence: `The job cannot be read: ${job.reason}.`, exit }
  }
  if (job.value.receipts.length > 0) {
    const { receipts, runner_keys: keys } = job.value
    return { ok: true, receipts, job: job.value, keys }
  }
  return { ok: false, sentence: 'No runner left a receipt for this job.', exit: EXIT.refused }
}

/** A file holds one receipt, a list of them, or a job as `GET /v1/jobs/:id` gives it. */
function readReceiptFile(text: string): Found | undefined {
  try {
    const json: unknown = JSON.parse(text)
    const listed = isObject(json) && 'receipts' in json ? json.receipts : json
    const receipts = Array.isArray(listed) ? listed : [listed]
    return receipts.length === 0 ? undefined : { ok: true, receipts, job: undefined, keys: readKeys(json) }
  } catch {
    return undefined // no JSON
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

async function verifyOne(
  { flags }: CommandContext,
  receipt: unknown,
  { job: found, keys, asked }: Omit<Found, 'ok' | 'receipts'> & { readonly asked: Asked | undefined },
): Promise<{ readonly verified: VerifiedReceipt; readonly why: string | undefined }> {
  const read = readAnyReceipt(receipt)
  const { why, runnerKey, ...evidence }: EvidenceFacts =
    asked && read?.version === 2 ? await readEvidenceFacts(asked.evidence, read) : {}
  const job = found ?? (asked?.hasKey && read ? await findJob(asked.getJson, read.jobId) : undefined)
  const key = runnerKey ?? (read && (job?.runner_keys ?? keys)[read.runnerId])
  const proof = asked?.hasKey && read ? await readProof(asked.getJson, read.jobId) : undefined
  const signer = asked && (await readSigner(asked.getJson))
  const note = await findNote(flags.chain, proof)
  const given: ReceiptToVerify = {
    receipt,
    ...evidence,
    ...(key === undefined ? {} : { runnerKey: key }),
    ...(job ? { known: { jobId: job.id }, charge: chargeOf(job) } : {}),
    ...(proof ? { proof } : {}),
    ...(signer === undefined ? {} : { signer }),
    ...(note ? { note } : {}),
  }
  return { verified: await verifyReceipt(given), why: why ?? evidence.evidence?.document.reason }
}

/** A job of the account, where it is one: a receipt may be of somebody else's. */
async function findJob(getJson: GetJson, jobId: string): Promise<JobFacts | undefined> {
  const job = await readJob(getJson, jobId)
  return job.ok ? job.value : undefined
}

function chargeOf({ charge_nano: nano, completion_tokens: tokens, receipts }: JobFacts) {
  const read = receipts.map(readAnyReceipt).filter((one) => one !== undefined)
  return { nano, completionTokens: tokens ?? 0, receipts: read }
}

async function findNote(
  chain: string | undefined,
  proof: ReceiptToVerify['proof'],
): Promise<ReceiptToVerify['note']> {
  if (!proof || !('document' in proof)) return undefined
  if (proof.transaction_id === null) return 'none'
  return chain === undefined ? undefined : readChainNote(chain, proof.transaction_id)
}

function show(
  { output }: CommandContext,
  { receipt, steps }: VerifiedReceipt,
  why: string | undefined,
): void {
  if (output.isJson) {
    output.event({
      event: 'receipt-verified',
      job: receipt?.jobId ?? null,
      attempt: receipt?.attempt ?? null,
      steps,
    })
    return
  }
  if (receipt) {
    const { jobId, attempt, runnerId, promptTokens, completionTokens } = receipt
    output.line(`${jobId}, part ${attempt + 1}: ${runnerId}, ${promptTokens}+${completionTokens} tokens`)
  }
  for (const line of stepLines(steps, why)) output.line(`  ${line}`)
}

function usage(sentence: string): Failure {
  return { ok: false, sentence, exit: EXIT.usage }
}

function fail({ output }: CommandContext, { sentence, exit }: Failure): ExitCode {
  output.problem(sentence)
  return exit
}
