import * as z from 'zod/mini'
import { JOB_REASONS } from '../../../protocol/src/answer.ts'
import {
  type ErrorFacts,
  type ErrorReason,
  type OpenAiError,
  toOpenAiError,
} from '../../../protocol/src/openai/openai-error.ts'

const EDGE_REASONS = ['unauthorized', 'rate-limited', 'body-too-large', 'internal'] as const
const KNOWN: readonly ErrorReason[] = [...JOB_REASONS, ...EDGE_REASONS]

const errorSchema = z.object({
  error: z.object({
    code: z.nullable(z.string().check(z.maxLength(64))),
    param: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
  }),
})

/** The reason behind an error of the API, by its code; one of no known code is called by it, one of none by its status. */
export function reasonOfError(
  status: number,
  body: string,
): { readonly reason: string; readonly param?: string } {
  const error = errorSchema.safeParse(parseJson(body)).data?.error
  if (!error?.code) return { reason: status >= 500 ? 'internal' : `status-${status}` }
  const reason = KNOWN.find((one) => toOpenAiError(one).body.error.code === error.code)
  return {
    reason: reason ?? error.code.replaceAll('_', '-'),
    ...(error.param ? { param: error.param } : {}),
  }
}

type Row = { readonly status: OpenAiError['status']; readonly sentence: string }

/** What the proxy says in words of its own. */
const OWN: Readonly<Record<string, Row>> = {
  unreachable: {
    status: 502,
    sentence: 'The network could not be reached, or the connection broke too often. Send it again.',
  },
  unauthorized: {
    status: 401,
    sentence:
      'The network does not take the API key that this proxy was started with. Start it with another.',
  },
  'no-policy': {
    status: 503,
    sentence: 'The network has published no policy, so no evidence can be judged and nothing was sent.',
  },
  'sealed-too-old': {
    status: 502,
    sentence: 'The network found the request too old, or ahead of time. Set the clock of this machine.',
  },
}

/** The error that the proxy answers with. `fault`: what exactly was wrong, a word of the verifier or of the seal. */
export function toProxyError(reason: string, fault?: string, facts: ErrorFacts = {}): OpenAiError {
  const known = KNOWN.find((one) => one === reason)
  const own = Object.hasOwn(OWN, reason) ? OWN[reason] : undefined
  const base = known && !own ? toOpenAiError(known, facts) : ownError(reason, own)
  if (fault === undefined) return base
  const { error } = base.body
  return { ...base, body: { error: { ...error, message: `${error.message} (${fault})` } } }
}

function ownError(reason: string, own: Row | undefined): OpenAiError {
  const { status, sentence } = own ?? { status: 502, sentence: 'The network did not take this request.' }
  const code = reason.replaceAll('-', '_')
  const type = status === 401 ? 'invalid_request_error' : 'server_error'
  return { status, body: { error: { message: sentence, type, param: null, code } }, retry: undefined }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
