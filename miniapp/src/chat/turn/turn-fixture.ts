import type { Reply } from '../../session/session.ts'
import type { ChatBody } from '../conversation.ts'
import type { RunTurnDeps } from './run-turn.ts'

const encoder = new TextEncoder()

export const BODY: ChatBody = {
  model: 'silkworm',
  tier: 'open',
  messages: [{ role: 'user', content: 'What is silk?' }],
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 512,
  linger_seconds: 60,
  prompt_cache_key: 'c1',
}

/** An answer's stream that a test writes. */
export function fakeStream(jobId = 'job_1') {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (created) => {
      controller = created
    },
  })
  const write = (text: string) => controller?.enqueue(encoder.encode(text))
  const chunk = (value: unknown) => write(`data: ${JSON.stringify(value)}\n\n`)
  return {
    reply: (): Reply<Response> => ({
      ok: true,
      value: new Response(body, { headers: { 'x-sharnaqa-job': jobId } }),
    }),
    say: (text: string) => chunk({ choices: [{ delta: { content: text } }] }),
    end: ({ reason = 'stop', costNano = 7 } = {}) => {
      chunk({ choices: [{ delta: {}, finish_reason: reason }] })
      chunk({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 3, cost_nano: costNano } })
      write('data: [DONE]\n\n')
      controller?.close()
    },
    fail: (code: string) => {
      chunk({ error: { code } })
      write('data: [DONE]\n\n')
      controller?.close()
    },
    breakOff: () => controller?.error(new Error('reset')),
  }
}

/** Functions around a turn that a test replaces as it needs; each refuses what nobody gave. */
export function setupTurnDeps(overrides: Partial<RunTurnDeps> = {}): RunTurnDeps {
  return {
    open: () => Promise.reject(new Error('give a fake for open')),
    openSealed: () => {
      throw new Error('give a fake for openSealed')
    },
    stopJob: () => Promise.reject(new Error('give a fake for stopJob')),
    readRecord: () => Promise.resolve(undefined),
    untilReachable: () => Promise.resolve(),
    // Time stands still: only what is aborted goes on.
    sleep: (_ms, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ...overrides,
  }
}

/** Lets everything that is under way go on as far as it can. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise<void>((resolve) => setTimeout(resolve))
}
