import { DEFAULT_MAX_TOKENS, promptTokensMost } from '../../../protocol/src/chat-tokens.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import type { ChatJob, EmbeddingJob, Job } from '../jobs/chat-job.ts'
import { costOf, type Price } from './price.ts'

/** The most that a job can use and cost. */
export type Quote = {
  readonly promptTokensMax: number
  readonly completionTokensMax: number
  readonly hold: Nano
}

/**
 * The worst cost of a job at a price. No byte-level tokenizer makes more tokens than bytes, so the prompt's bytes bound
 * it without knowing the model's tokenizer. Of a sealed job the header says how long question and answer may be.
 */
export function quoteJob(job: Job, price: Price, contextTokens: number): Quote {
  const most = mostTokens(job, contextTokens)
  const { promptTokensMax: promptTokens, completionTokensMax: completionTokens } = most
  return { ...most, hold: costOf([{ price, promptTokens, completionTokens }]) }
}

function mostTokens(job: Job, contextTokens: number): Omit<Quote, 'hold'> {
  if (job.kind === 'sealed') {
    const { len_bucket, max_out_bucket } = job.header
    return {
      promptTokensMax: Math.min(len_bucket, contextTokens),
      completionTokensMax: Math.min(max_out_bucket, contextTokens),
    }
  }
  const bytes = promptBytes(job)
  if (job.kind === 'embedding') {
    const promptTokensMax = Math.min(bytes + 8 * job.texts.length, contextTokens * job.texts.length)
    return { promptTokensMax, completionTokensMax: 0 }
  }
  const promptTokensMax = Math.min(promptTokensMost({ bytes, messages: job.messages.length }), contextTokens)
  return {
    promptTokensMax,
    completionTokensMax: Math.min(job.params.maxTokens ?? DEFAULT_MAX_TOKENS, contextTokens),
  }
}

/** UTF-8 bytes of everything that the model reads. */
export function promptBytes(job: ChatJob | EmbeddingJob): number {
  const encoder = new TextEncoder()
  const bytesOf = (text: string) => encoder.encode(text).length
  if (job.kind === 'embedding') return job.texts.reduce((sum, text) => sum + bytesOf(text), 0)
  const extras = [job.params.tools, job.params.responseFormat].filter((part) => part !== undefined)
  return (
    job.messages.reduce(
      (sum, { content, toolCalls }) =>
        sum + bytesOf(content) + (toolCalls ? bytesOf(JSON.stringify(toolCalls)) : 0),
      0,
    ) + extras.reduce<number>((sum, part) => sum + bytesOf(JSON.stringify(part)), 0)
  )
}
