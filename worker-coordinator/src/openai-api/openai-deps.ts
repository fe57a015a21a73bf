import type { AnswerUsage, JobReason } from '../../../protocol/src/answer.ts'
import type { JobId } from '../../../protocol/src/ids.ts'
import type { ModelKind } from '../../../protocol/src/model-manifest.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import type { AnswerMeta } from '../../../protocol/src/openai/answer-meta.ts'
import type { Caller, ChatJob, EmbeddingJob } from '../jobs/chat-job.ts'
import type { Log } from '../platform/log.ts'

/** Which writer turns a job's frames into bytes, beside the job. */
export type AnswerFormat = { readonly kind: 'openai-sse' | 'openai-json'; readonly meta: AnswerMeta }

/** A job that was not begun. Nothing is charged. */
export type JobRefusal = {
  readonly ok: false
  readonly reason: JobReason
  /** The field at fault, in OpenAI's name. */
  readonly param?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** One caller's allowance of requests after this one was counted. */
export type RequestAllowance = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** What `GET /v1/models` tells of one model. */
export type ListedModel = {
  readonly id: string
  readonly createdAtS: number
  readonly kind: ModelKind
  readonly contextTokens: number
  readonly parameters: number
  /** The lowest offer, nano per 1,000,000 tokens. Absent while nobody offers the model. */
  readonly price?: { readonly input: Nano; readonly output: Nano } | undefined
  readonly online: number
}

/** Everything the API needs of the coordinator. */
export type OpenAiDeps = {
  /** Reads an `Authorization` header. Not ok: no key, an unknown one or one that was revoked. */
  authenticate(
    authorization: string | undefined,
  ): Promise<{ readonly ok: true; readonly caller: Caller } | { readonly ok: false }>
  takeRequest(caller: Caller): RequestAllowance
  newJobId(): JobId
  nowMs(): number
  /**
   * Runs a chat. The body's bytes are what the caller gets. `jobId`: where it is not the order's own; `isSimulated`: it is
   * sealed to a simulated TEE, which proves nothing.
   */
  runChatJob(
    job: ChatJob,
    format: AnswerFormat,
  ): Promise<
    | {
        readonly ok: true
        readonly body: ReadableStream<Uint8Array>
        readonly jobId?: JobId | undefined
        readonly isSimulated?: boolean | undefined
      }
    | JobRefusal
  >
  /** Makes embeddings: base64 of little-endian float32, in the order of the texts. */
  runEmbeddingJob(
    job: EmbeddingJob,
  ): Promise<
    { readonly ok: true; readonly vectors: readonly string[]; readonly usage: AnswerUsage } | JobRefusal
  >
  listModels(): Promise<readonly ListedModel[]>
  log: Log
}
