import type { Beacon } from '../../../protocol/src/attestation/policy/binding.ts'
import { type Bytes, utf8 } from '../../../protocol/src/bytes.ts'
import type { JobId } from '../../../protocol/src/ids.ts'
import type {
  NetworkReply,
  SealedNetwork,
  SealedOrder,
} from '../../../protocol/src/sealed-client/sealed-network.ts'
import type { Caller, SealedJob } from '../jobs/chat-job.ts'
import type { JobRefusal } from '../openai-api/openai-deps.ts'
import type { DirectoryReply, SealedTier } from './read-directory.ts'
import { readSealedChat } from './read-sealed-chat.ts'

/** What a client inside the coordinator asks, where one outside sends HTTP. */
export type WorkerNetworkDeps = {
  readonly readDirectoryBytes: (model: string, tier: SealedTier, accountId: number) => Promise<DirectoryReply>
  readonly readDocument: (digest: string) => Promise<string | undefined>
  readonly readPolicyBytes: () => Promise<Bytes | undefined>
  readonly readBeacons: () => readonly Beacon[]
  readonly newJobId: () => JobId
  readonly nowMs: () => number
  readonly runSealed: (
    job: SealedJob,
  ) => Promise<
    { readonly ok: true; readonly body: ReadableStream<Uint8Array>; readonly jobId: JobId } | JobRefusal
  >
  readonly stopJob: (model: string, jobId: string, accountId: number) => Promise<void>
}

/** The network for one caller whose requests are sealed inside the coordinator. It checks what the route checks. */
export function createWorkerNetwork(deps: WorkerNetworkDeps, caller: Caller): SealedNetwork {
  return {
    readDirectory: async (model, tier) => {
      if (tier === 'open') return { ok: false, reason: 'no-runner' }
      return deps.readDirectoryBytes(model, tier, caller.accountId)
    },
    readEvidence: async (digest) => {
      const document = await deps.readDocument(digest)
      return document === undefined
        ? { ok: false, reason: 'unknown-evidence' }
        : { ok: true, value: utf8(document) }
    },
    readPolicy: async () => {
      const value = await deps.readPolicyBytes()
      return value ? { ok: true, value } : { ok: false, reason: 'no-policy' }
    },
    readBeacons: async () => ({ ok: true, value: deps.readBeacons() }),
    open: (order, signal) => open(deps, caller, order, signal),
  }
}

/**
 * Without an `Idempotency-Key`: what was sealed here can be opened by this request's memory alone, so that nobody could
 * read its answer again.
 */
async function open(
  { newJobId, nowMs, runSealed, stopJob }: WorkerNetworkDeps,
  caller: Caller,
  { model, envelope, maxPrice }: SealedOrder,
  signal: AbortSignal,
): Promise<NetworkReply<ReadableStream<Uint8Array>>> {
  const read = await readSealedChat({ model, ...envelope, max_price: maxPrice }, nowMs())
  if (!read.ok) return { ok: false, reason: read.reason }
  const started = await runSealed({ ...read.order, jobId: newJobId(), caller })
  if (started.ok) {
    const stop = () => stopJob(model, started.jobId, caller.accountId)
    return { ok: true, value: endWith(started.body, signal, stop) }
  }
  const { reason, param, retryAfterSeconds } = started
  return {
    ok: false,
    reason,
    ...(param === undefined ? {} : { param }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}

/**
 * The same bytes, until the signal: then its job is told to stop. A stream between two objects hears that nobody reads it
 * any more only when its next bytes come.
 */
function endWith(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  stop: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const leave = async () => {
    signal.removeEventListener('abort', onAbort)
    // What is broken, or gone with its reader, has stopped already.
    await Promise.allSettled([stop(), reader.cancel()])
  }
  const onAbort = () => void leave()
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      signal.removeEventListener('abort', onAbort)
      controller.close()
    },
    cancel: leave,
  })
}
