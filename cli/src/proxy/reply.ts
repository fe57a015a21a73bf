import {
  type ErrorFacts,
  type ErrorReason,
  type OpenAiError,
  toOpenAiError,
} from '../../../protocol/src/openai/openai-error.ts'

/** What the endpoint answers, before it becomes HTTP. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** All of it, or its pieces as they come. */
  readonly body: string | AsyncIterable<string>
}

const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-store' }

export function replyJson(status: number, text: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: text }
}

/** An error in OpenAI's shape. */
export function replyError({ status, body, retry }: OpenAiError, headers: Reply['headers'] = {}): Reply {
  const never = retry === 'never' ? { 'x-should-retry': 'false' } : {}
  return replyJson(status, JSON.stringify(body), { ...never, ...headers })
}

export function refuse(reason: ErrorReason, facts?: ErrorFacts, headers?: Reply['headers']): Reply {
  return replyError(toOpenAiError(reason, facts), headers)
}
