import { readDecimal } from '../../ui/read-decimal.ts'
import type { ChatBody } from '../examples/examples.ts'

/** What stands in the playground's form. An empty number is left to the model. */
export type PlaygroundDraft = {
  readonly model: string
  readonly tier: 'open' | 'own'
  readonly system: string
  readonly message: string
  readonly temperature: string
  readonly maxTokens: string
  readonly answers: 'streamed' | 'whole'
}

export type DraftFault = 'message-empty' | 'temperature-wrong' | 'max-tokens-wrong'
export type ReadDraft =
  | { readonly ok: true; readonly body: ChatBody }
  /** `body`: with what could be read, for the code beside the form. */
  | {
      readonly ok: false
      readonly field: keyof PlaygroundDraft
      readonly reason: DraftFault
      readonly body: ChatBody
    }

/** Temperatures go from 0 to 2, here in hundredths. */
const TEMPERATURE_DECIMALS = 2
const TEMPERATURE_MAX = 200n
const TOKENS_MAX = 10_000_000n

/** Makes the request of what was typed, or says what is wrong with it and where. */
export function readDraft(draft: PlaygroundDraft): ReadDraft {
  const temperature = readOptional(draft.temperature, TEMPERATURE_DECIMALS, TEMPERATURE_MAX)
  const maxTokens = readOptional(draft.maxTokens, 0, TOKENS_MAX)
  const isTokens = maxTokens !== 'wrong' && maxTokens !== 0n
  const body: ChatBody = {
    model: draft.model,
    messages: [
      ...(draft.system.trim() === '' ? [] : [{ role: 'system', content: draft.system } as const]),
      { role: 'user', content: draft.message },
    ],
    ...(typeof temperature === 'bigint' ? { temperature: Number(temperature) / 100 } : {}),
    ...(typeof maxTokens === 'bigint' && isTokens ? { max_tokens: Number(maxTokens) } : {}),
    ...(draft.tier === 'own' ? { tier: 'own' } : {}),
    ...(draft.answers === 'streamed' ? { stream: true, stream_options: { include_usage: true } } : {}),
  }
  if (draft.message.trim() === '') return { ok: false, field: 'message', reason: 'message-empty', body }
  if (temperature === 'wrong') return { ok: false, field: 'temperature', reason: 'temperature-wrong', body }
  if (!isTokens) return { ok: false, field: 'maxTokens', reason: 'max-tokens-wrong', body }
  return { ok: true, body }
}

function readOptional(typed: string, decimals: number, max: bigint): bigint | undefined | 'wrong' {
  const read = readDecimal(typed, { decimals, max })
  if (read.ok) return read.value
  return read.reason === 'empty' ? undefined : 'wrong'
}
