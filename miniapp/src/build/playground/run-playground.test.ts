import { expect, test, vi } from 'vitest'
import { nano } from '../../../../protocol/src/money.ts'
import type { Reply } from '../../session/session.ts'
import { type ChatBody, helloBody } from '../examples/examples.ts'
import type { Run } from './next-run.ts'
import { type PlaygroundDeps, runPlayground } from './run-playground.ts'

const WHOLE: ChatBody = helloBody('silkworm')
const STREAMED: ChatBody = { ...WHOLE, stream: true, stream_options: { include_usage: true } }
const USAGE = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9, cost_nano: 1234 }
const USED = { promptTokens: 7, completionTokens: 2, cost: nano(1234n) }
const HEADERS = { 'x-request-id': 'req_1', 'x-sharnaqa-job': 'job_1' }

const piece = (content: string) => JSON.stringify({ choices: [{ delta: { content }, finish_reason: null }] })
const finish = (finish_reason: string) => JSON.stringify({ choices: [{ delta: {}, finish_reason }] })
const usage = JSON.stringify({ choices: [], usage: USAGE })
const refusal = (status: number, error: Record<string, unknown>) => Response.json({ error }, { status })

/** A streamed answer; a line that begins with a colon is a comment. The last `undefined` leaves it open. */
function streamed(...lines: (string | undefined)[]): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of lines) {
        if (line === undefined) return
        controller.enqueue(encoder.encode(line.startsWith(':') ? `${line}\n\n` : `data: ${line}\n\n`))
      }
      controller.close()
    },
  })
  return new Response(body, { headers: HEADERS })
}

function setup(answer: Reply<Response> | Response, overrides: Partial<PlaygroundDeps> = {}) {
  const opened: Reply<Response> = answer instanceof Response ? { ok: true, value: answer } : answer
  const open = vi.fn(async () => opened)
  let ms = 0
  const askUse = vi.fn(async () => undefined)
  const deps = { open, askUse, sleep: async () => undefined, nowMs: () => (ms += 100), ...overrides }
  return { deps, open, askUse: deps.askUse }
}
const go = (deps: PlaygroundDeps, body: ChatBody, show: (run: Run) => void = () => undefined) =>
  runPlayground(deps, { body, stop: new AbortController().signal }, show)

test('a streamed answer is shown as it is written, with what it used and how it is found again', async () => {
  const shown: string[] = []
  const { deps, open } = setup(streamed(piece('Hel'), piece('lo'), finish('stop'), usage, '[DONE]'))
  const run = await go(deps, STREAMED, ({ text }) => shown.push(text))
  expect(open).toHaveBeenCalledExactlyOnceWith('/v1/chat/completions', {
    method: 'POST',
    body: STREAMED,
    signal: expect.any(AbortSignal),
    refusals: 'as-response',
  })
  expect(new Set(shown)).toEqual(new Set(['', 'Hel', 'Hello']))
  expect(run).toMatchObject({ phase: 'done', text: 'Hello', used: USED, requestId: 'req_1', jobId: 'job_1' })
  expect(run.isCut).toBe(false)
})

test('an answer in one piece is shown the same', async () => {
  const message = { content: 'Hello', reasoning_content: 'Hm.' }
  const answer = { choices: [{ message, finish_reason: 'length' }], usage: USAGE }
  const { deps } = setup(Response.json(answer, { headers: HEADERS }))
  expect(await go(deps, WHOLE)).toMatchObject({
    phase: 'done',
    text: 'Hello',
    reasoning: 'Hm.',
    used: USED,
    isCut: true,
    requestId: 'req_1',
  })
})

test('waiting and a change of the runner are told', async () => {
  const phases: string[] = []
  const { deps } = setup(
    streamed(': queued place=2 wait=8', piece('a'), ': pause', piece('b'), ': hello', '[DONE]'),
  )
  await go(deps, STREAMED, ({ phase }) => phases.push(phase))
  expect(phases.filter((phase, at) => phase !== phases[at - 1])).toEqual([
    'asking',
    'queued',
    'writing',
    'handing-over',
    'writing',
    'done',
  ])
})

test('a refusal is shown as it came: status, code, message and field', async () => {
  const error = { message: 'No such model.', type: 'invalid', code: 'model_not_found', param: 'model' }
  const { deps } = setup(refusal(404, error))
  expect(await go(deps, STREAMED)).toMatchObject({
    phase: 'failed',
    trouble: { status: 404, code: 'model_not_found', message: 'No such model.', param: 'model' },
  })
})

test('an error within the answer keeps what was written, and its cost', async () => {
  const error = JSON.stringify({ error: { message: 'Lost.', code: 'runner_lost', param: null } })
  const { deps } = setup(streamed(piece('half'), usage, error, '[DONE]'))
  expect(await go(deps, STREAMED)).toMatchObject({
    phase: 'failed',
    text: 'half',
    used: USED,
    trouble: { status: undefined, code: 'runner_lost', message: 'Lost.' },
  })
})

test.each([
  ['nobody there', { ok: false, reason: 'unreachable', sentence: undefined } as const, 'unreachable'],
  [
    'a login that was refused',
    { ok: false, reason: 'expired_init_data', sentence: 'Old.' } as const,
    'expired_init_data',
  ],
  ["a proxy's error page", new Response('<html>', { status: 502 }), 'unreadable'],
  ['something else', Response.json(7), 'unreadable'],
])('%s is a trouble with a code, and never thrown', async (_, answer, code) => {
  expect(await go(setup(answer).deps, WHOLE)).toMatchObject({ phase: 'failed', trouble: { code } })
})

test('a stream that breaks off is no answer, and what it cost is asked for', async () => {
  const askUse = vi.fn(async () => USED)
  const { deps } = setup(streamed(piece('half')), { askUse })
  const run = await go(deps, STREAMED)
  expect(run).toMatchObject({ phase: 'failed', text: 'half', trouble: { code: 'broken_off' }, used: USED })
  expect(askUse).toHaveBeenCalledExactlyOnceWith('job_1')
})

test('Stop keeps what was written and tells what it cost, as soon as that is known', async () => {
  const answers = [undefined, undefined, USED]
  const askUse = vi.fn(async () => answers.shift())
  const { deps } = setup(streamed(piece('half'), piece(' more'), undefined), { askUse })
  const stop = new AbortController()
  const run = await runPlayground(deps, { body: STREAMED, stop: stop.signal }, ({ text, phase }) => {
    if (phase === 'writing' && text === 'half') stop.abort()
  })
  expect(run).toMatchObject({ phase: 'stopped', text: 'half', used: USED })
  expect(run.trouble).toBeUndefined()
  expect(askUse).toHaveBeenCalledTimes(3)
})

test('Stop before the first word is a stop, and the cost is not asked for without end', async () => {
  const stop = new AbortController()
  const open = async (): Promise<Reply<Response>> => {
    stop.abort()
    return { ok: false, reason: 'unreachable', sentence: undefined }
  }
  const run = await runPlayground(
    setup(Response.json(1), { open }).deps,
    { body: WHOLE, stop: stop.signal },
    () => undefined,
  )
  expect(run).toMatchObject({ phase: 'stopped', text: '' })
  const silent = setup(streamed(piece('x')))
  await go(silent.deps, STREAMED)
  expect(silent.askUse).toHaveBeenCalledTimes(6)
})
