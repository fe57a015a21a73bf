import type { ChatParams } from '../../../protocol/src/runner/chat-params.ts'
import type { EngineFailure } from './engine.ts'

const FORMAT_WORDS = /response_format|grammar|json.?schema|guided/i

/** Finds the reason word for a server's refusal. Its own words are read here and go no further. */
export function refusalOf(status: number, text: string, params: ChatParams): EngineFailure {
  const refused = status === 400 || status === 413 || status === 422
  // vLLM, SGLang, llama.cpp, Ollama and OpenAI each say it in their own way; all speak of the context.
  if (
    refused &&
    /context[_ -]?(length|size|window)|maximum.{0,20}(length|tokens)|too many tokens|too long/i.test(text)
  ) {
    return { ok: false, reason: 'context-length-exceeded' }
  }
  // llama.cpp answers 500 where it was started without --jinja.
  if (params.tools?.length && (refused || status === 500) && /\btools?\b|jinja/i.test(text)) {
    return { ok: false, reason: 'unsupported', param: 'tools' }
  }
  if (refused && params.responseFormat !== undefined && FORMAT_WORDS.test(text)) {
    return { ok: false, reason: 'unsupported', param: 'response_format' }
  }
  return { ok: false, reason: 'upstream-failed' }
}
