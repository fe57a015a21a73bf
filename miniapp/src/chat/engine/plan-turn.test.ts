import { expect, test } from 'vitest'
import { makeAnswer, makeConversation, makeQuestion, makeTalk } from '../chat-fixture.ts'
import { type Asking, fitQuestion, planContinuation, planQuestion, planRetry } from './plan-turn.ts'

const asking: Asking = {
  choice: { model: 'silkworm', tier: 'own' },
  contextTokens: 4096,
  key: 'key-1',
  nowMs: 5000,
}
const ask = (text: string, editFrom?: number) => ({ text, editFrom })

test('the first question names the conversation, and is planned whole before anything is sent', () => {
  const { change, messages } = planQuestion(
    makeConversation('c1', { title: '' }),
    [],
    ask('What is silk?'),
    asking,
  )
  expect(change.conversation).toMatchObject({ title: 'What is silk?', isNamed: false, updatedAtMs: 5000 })
  expect(messages).toEqual([makeQuestion(0, 'What is silk?')].map((one) => ({ ...one, atMs: 5000 })))
  expect(change.put).toEqual(messages)
  expect(change.draft).toEqual({ conversation: 'c1', text: '' })
  expect(change.turn).toMatchObject({ conversation: 'c1', position: 1, kind: 'ask', key: 'key-1', text: '' })
  expect(change.turn.body).toEqual({
    model: 'silkworm',
    tier: 'own',
    messages: [{ role: 'user', content: 'What is silk?' }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 2048,
    linger_seconds: 60,
    prompt_cache_key: 'c1',
  })
})

test('a later question takes the conversation along, and does not rename it', () => {
  const { change } = planQuestion(makeConversation(), makeTalk(4), ask('And then?'), asking)
  expect(change.conversation.title).toBe('talk c1')
  expect(change.turn.position).toBe(5)
  expect(change.turn.body.messages.map(({ content }) => content)).toEqual([
    'question 0',
    'answer 1',
    'question 2',
    'answer 3',
    'And then?',
  ])
})

test('a question that is changed is asked again from there; a name that a person gave stays', () => {
  const named = makeConversation('c1', { isNamed: true })
  const { change, messages } = planQuestion(named, makeTalk(6), ask('changed', 2), asking)
  expect(change.dropFrom).toEqual({ conversation: 'c1', position: 2 })
  expect(messages.map(({ text }) => text)).toEqual(['question 0', 'answer 1', 'changed'])
  expect(change.turn.position).toBe(3)
  expect(planQuestion(named, makeTalk(2), ask('first', 0), asking).change.conversation.title).toBe('talk c1')
})

test('another answer leaves the first one until it has come, and is not the same one', () => {
  const plan = planRetry(makeConversation(), makeTalk(4), asking)
  expect(plan?.messages).toEqual(makeTalk(4))
  expect(plan?.change).not.toHaveProperty('put')
  expect(plan?.change.turn).toMatchObject({ kind: 'retry', position: 3 })
  expect(plan?.change.turn.body.temperature).toBe(0.7)
  expect(plan?.change.turn.body.messages.at(-1)?.content).toBe('question 2')
})

test('a question without any answer can be asked again', () => {
  expect(planRetry(makeConversation(), makeTalk(3), asking)?.change.turn.position).toBe(3)
  expect(planRetry(makeConversation(), [], asking)).toBeUndefined()
})

test('a continuation sends what was said so far, and remembers what it cost', () => {
  const cut = makeAnswer(1, { ending: { how: 'cut' }, jobs: [{ id: 'job_1', costNano: '5' }] })
  const plan = planContinuation(makeConversation(), [makeQuestion(0), cut], 'Go on.', asking)
  expect(plan?.change.turn).toMatchObject({
    kind: 'continue',
    position: 1,
    before: 'answer 1',
    jobs: cut.jobs,
  })
  expect(plan?.change.turn.body.messages.slice(-2)).toEqual([
    { role: 'assistant', content: 'answer 1' },
    { role: 'user', content: 'Go on.' },
  ])
  expect(planContinuation(makeConversation(), [makeQuestion(0)], 'Go on.', asking)).toBeUndefined()
})

test('an answer that is too long to be sent goes on from its end', () => {
  const long = makeAnswer(1, { text: `${'word '.repeat(4000)}end` })
  const plan = planContinuation(makeConversation(), [makeQuestion(0), long], 'Go on.', {
    ...asking,
    contextTokens: 1024,
  })
  const [tail, please] = plan?.change.turn.body.messages ?? []
  expect(tail?.content.endsWith('word end')).toBe(true)
  expect(tail?.content.length).toBeLessThan(2000)
  expect(please?.content).toBe('Go on.')
})

test('what a question would send is what is weighed', () => {
  const plan = planQuestion(makeConversation(), makeTalk(4), ask('And then?'), asking)
  expect(fitQuestion(makeTalk(4), 'And then?', asking.contextTokens).messages).toEqual(
    plan.change.turn.body.messages,
  )
})
