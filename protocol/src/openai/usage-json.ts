import type { AnswerUsage } from '../answer.ts'

/**
 * `usage` of a chat as JSON text. `cost_nano` is a JSON integer: amounts are at most 2^53 - 1. How many tokens were
 * cached or thought is not known here, so the optional details are left out rather than said to be 0.
 */
export function chatUsageJson(usage: AnswerUsage): string {
  const { promptTokens, completionTokens } = usage
  return (
    `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},` +
    `"total_tokens":${promptTokens + completionTokens},"cost_nano":${BigInt(usage.costNano)}}`
  )
}

/** `usage` of embeddings as JSON text. */
export function embeddingUsageJson(usage: AnswerUsage): string {
  const { promptTokens } = usage
  return `{"prompt_tokens":${promptTokens},"total_tokens":${promptTokens},"cost_nano":${BigInt(usage.costNano)}}`
}
