import { expect, test } from 'vitest'
import { type PlaygroundDraft, readDraft } from './playground-draft.ts'

const draft = (changes: Partial<PlaygroundDraft> = {}): PlaygroundDraft => ({
  model: 'silkworm',
  tier: 'open',
  system: '',
  message: 'Hello',
  temperature: '',
  maxTokens: '',
  answers: 'whole',
  ...changes,
})

test('what nobody filled in is not sent', () => {
  expect(readDraft(draft())).toEqual({
    ok: true,
    body: { model: 'silkworm', messages: [{ role: 'user', content: 'Hello' }] },
  })
})

test('everything that was filled in is sent, and a streamed answer says what it cost', () => {
  const all = draft({
    tier: 'own',
    system: 'Be brief.',
    temperature: '0,7',
    maxTokens: '٦٤',
    answers: 'streamed',
  })
  expect(readDraft(all)).toEqual({
    ok: true,
    body: {
      model: 'silkworm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      temperature: 0.7,
      max_tokens: 64,
      tier: 'own',
      stream: true,
      stream_options: { include_usage: true },
    },
  })
})

test('what was typed is sent as it is, with its spaces', () => {
  const { body } = readDraft(draft({ message: '  two\n\nlines ' }))
  expect(body.messages).toEqual([{ role: 'user', content: '  two\n\nlines ' }])
})

test.each([
  [{ message: ' \n' }, 'message', 'message-empty'],
  [{ temperature: '2.01' }, 'temperature', 'temperature-wrong'],
  [{ temperature: '-1' }, 'temperature', 'temperature-wrong'],
  [{ temperature: '0.123' }, 'temperature', 'temperature-wrong'],
  [{ maxTokens: '0' }, 'maxTokens', 'max-tokens-wrong'],
  [{ maxTokens: '1.5' }, 'maxTokens', 'max-tokens-wrong'],
  [{ maxTokens: '99999999' }, 'maxTokens', 'max-tokens-wrong'],
] as const)('%j is refused at its field, and the code beside it leaves it out', (changes, field, reason) => {
  const read = readDraft(draft(changes))
  expect(read).toMatchObject({ ok: false, field, reason })
  expect(Object.keys(read.body)).toEqual(['model', 'messages'])
})

test('the borders of temperature are within it', () => {
  expect(readDraft(draft({ temperature: '0' })).body.temperature).toBe(0)
  expect(readDraft(draft({ temperature: '2' })).body.temperature).toBe(2)
})
