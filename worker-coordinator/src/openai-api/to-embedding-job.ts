import type { EmbeddingRequest } from '../../../protocol/src/openai/embeddings.ts'
import type { EmbeddingJob } from '../jobs/chat-job.ts'
import type { JobContext } from './to-chat-job.ts'

/** Maps a parsed embeddings request to the job it asks for. */
export function toEmbeddingJob(request: EmbeddingRequest, context: JobContext): EmbeddingJob {
  const { jobId, caller, idempotency } = context
  return {
    kind: 'embedding',
    jobId,
    caller,
    model: request.model,
    tier: request.tier ?? 'open',
    texts: request.input,
    ...(request.dimensions === undefined ? {} : { dimensions: request.dimensions }),
    ...(request.max_price ? { maxPrice: request.max_price } : {}),
    ...(idempotency === undefined ? {} : { idempotency }),
  }
}
