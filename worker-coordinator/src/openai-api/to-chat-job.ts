import type { JobId } from '../../../protocol/src/ids.ts'
import type { ChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { toChatNeeds, toChatParams } from '../../../protocol/src/openai/to-chat-params.ts'
import type { Caller, ChatJob } from '../jobs/chat-job.ts'

/** What a job knows beside the request: who asks, under which id, in which conversation. */
export type JobContext = {
  readonly jobId: JobId
  readonly caller: Caller
  readonly conversation?: string | undefined
  readonly idempotency?: { readonly keyHash: string; readonly fingerprint: string } | undefined
}

/** Maps a parsed chat request to the job it asks for. What asks for nothing (a penalty of 0, plain text) is left out. */
export function toChatJob(request: ChatRequest, context: JobContext): ChatJob {
  const { jobId, caller, conversation, idempotency } = context
  return {
    kind: 'chat',
    jobId,
    caller,
    model: request.model,
    tier: request.tier ?? 'open',
    messages: request.messages,
    params: toChatParams(request),
    needs: toChatNeeds(request),
    ...(request.max_price ? { maxPrice: request.max_price } : {}),
    ...(request.linger_seconds ? { lingerMs: request.linger_seconds * 1000 } : {}),
    ...(conversation === undefined ? {} : { conversation }),
    ...(idempotency === undefined ? {} : { idempotency }),
  }
}
