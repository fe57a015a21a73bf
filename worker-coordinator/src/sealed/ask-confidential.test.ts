import { expect, test } from 'vitest'
import { NOW_MS } from '../../../protocol/src/attestation/verification-fixture.ts'
import { makeJobId } from '../../../protocol/src/ids.ts'
import {
  type FakeNetworkPlan,
  setupFakeNetwork,
} from '../../../protocol/src/sealed-client/fake-network-fixture.ts'
import { MODEL, PIECES } from '../../../protocol/src/sealed-client/fake-runner-fixture.ts'
import type { AnswerFormat } from '../dispatch/frame-writer.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import { askConfidential } from './ask-confidential.ts'

const JOB: ChatJob = {
  kind: 'chat',
  jobId: makeJobId(NOW_MS, new Uint8Array(16)),
  caller: { accountId: 7, keyId: undefined },
  model: MODEL.id,
  tier: 'confidential',
  messages: [{ role: 'user', content: 'xyzzy-question' }],
  params: {},
  needs: [],
}
const META = { jobId: JOB.jobId, model: MODEL.id, createdAtS: 1, includeUsage: true }
const SSE: AnswerFormat = { kind: 'openai-sse', meta: META }

async function setup(plan: FakeNetworkPlan = {}, change: Partial<ChatJob> = {}) {
  const { network, trust, deps, runners, orders } = await setupFakeNetwork(plan)
  const logs: unknown[] = []
  const asking = {
    networkOf: () => network,
    trust,
    chooseRunners: deps.chooseRunners,
    nowMs: deps.nowMs,
    log: (...line: unknown[]) => void logs.push(line),
  }
  const ask = (format: AnswerFormat = SSE) => askConfidential(asking, { ...JOB, ...change }, format)
  const read = async (format?: AnswerFormat) => {
    const started = await ask(format)
    if (!started.ok) throw new Error(started.reason)
    return new Response(started.body).text()
  }
  return { ask, read, runners, orders, logs }
}

test('a plain chat is answered as any other, by a runner whose evidence passed', async () => {
  const { ask, runners, orders } = await setup()
  const started = await ask()
  expect(started).toMatchObject({ ok: true, isSimulated: true })
  const text = started.ok ? await new Response(started.body).text() : ''
  const chunks = text.split('\n\n').filter((line) => line.startsWith('data: {'))
  const words = chunks.map((line) => JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? '').join('')
  expect(words).toBe(PIECES.join(''))
  expect(text).toContain('"cost_nano"')
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(runners[0]?.opened).toHaveLength(1)
  expect(JSON.stringify(orders)).not.toContain('xyzzy')
})

test('in one piece it is a completion that names the job it was', async () => {
  const { read } = await setup()
  const completion = JSON.parse(await read({ kind: 'openai-json', meta: META }))
  expect(completion).toMatchObject({
    id: expect.stringMatching(/^chatcmpl-job_/),
    choices: [{ message: { content: PIECES.join('') }, finish_reason: 'stop' }],
  })
})

test.each<[string, FakeNetworkPlan, Partial<ChatJob>, object]>([
  ['nobody serves it', { runners: [] }, {}, { reason: 'no-runner' }],
  ['no evidence passes', { pins: { minSeq: 99 } }, {}, { reason: 'evidence-refused' }],
  [
    'no engine can do it',
    {},
    { needs: [{ feature: 'tools', param: 'tools' }] },
    { reason: 'unsupported', param: 'tools' },
  ],
  ['all ask more', {}, { maxPrice: { output: 1n as never } }, { reason: 'price-too-low' }],
  [
    'the coordinator refuses',
    { attack: { open: () => ({ ok: false, reason: 'queue-full', retryAfterSeconds: 3 }) } },
    {},
    { reason: 'queue-full', retryAfterSeconds: 3 },
  ],
  [
    'somebody answers in words that are none of ours',
    { attack: { open: () => ({ ok: false, reason: 'xyzzy' }) } },
    {},
    { reason: 'engine-failed' },
  ],
])('when %s it is refused before the first byte', async (_, plan, change, refusal) => {
  const { ask } = await setup(plan, change)
  expect(await ask()).toEqual({ ok: false, ...refusal })
})

test('an answer that was altered on its way is cut off, and none of the words from outside the seal is shown', async () => {
  const { read, logs } = await setup({
    attack: {
      frames: (frames) => [...frames.slice(0, 3), { type: 'delta', text: 'injected' }, ...frames.slice(3)],
    },
  })
  const text = await read()
  expect(text).toContain('seal_broken')
  expect(text).not.toContain('injected')
  expect(logs).toEqual([['confidential-fault', { model: MODEL.id, fault: 'words-outside-the-seal' }]])
})

test('a runner that is lost in the middle is followed by another that goes on', async () => {
  const { read } = await setup({ runners: [{ diesAfter: 3 }, {}], random: () => 0 })
  const completion = JSON.parse(await read({ kind: 'openai-json', meta: META }))
  expect(completion.choices[0].message.content).toBe(PIECES.join(''))
})

test('a stream that breaks off ends as an error, and says nothing of what was asked', async () => {
  const { read, orders } = await setup({ attack: { cut: () => 3 } })
  const text = await read()
  expect(text).toContain('coordinator_restarted')
  expect(text).not.toContain('xyzzy')
  expect(orders).toHaveLength(1)
})
