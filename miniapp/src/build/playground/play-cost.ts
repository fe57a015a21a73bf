import {
  costOfTokens,
  DEFAULT_MAX_TOKENS,
  promptTokensMost,
  utf8Bytes,
} from '../../../../protocol/src/chat-tokens.ts'
import type { Nano } from '../../../../protocol/src/money.ts'
import type { Price } from '../../network/network.ts'
import type { ChatBody } from '../examples/examples.ts'

/** The most that a request can cost at a price: about what is set aside before it runs. */
export function mostCost({ messages, max_tokens }: ChatBody, price: Price, contextTokens: number): Nano {
  const bytes = messages.reduce((sum, { content }) => sum + utf8Bytes(content), 0)
  const context = contextTokens > 0 ? contextTokens : Number.MAX_SAFE_INTEGER
  const prompt = Math.min(promptTokensMost({ bytes, messages: messages.length }), context)
  const answer = Math.min(max_tokens ?? DEFAULT_MAX_TOKENS, context)
  return costOfTokens(price, { prompt, answer })
}
