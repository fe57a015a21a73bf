import type { Answer, Conversation, Message, Question } from './conversation.ts'

/** Makes a question for a test. */
export function makeQuestion(position: number, text = `question ${position}`, conversation = 'c1'): Question {
  return { conversation, position, from: 'person', text, atMs: 1000 + position }
}

/** Makes an answer for a test. */
export function makeAnswer(position: number, overrides: Partial<Answer> = {}): Answer {
  return {
    conversation: 'c1',
    position,
    from: 'model',
    text: `answer ${position}`,
    atMs: 1000 + position,
    model: 'silkworm',
    tier: 'open',
    ending: { how: 'done' },
    jobs: [],
    ...overrides,
  }
}

/** Questions and answers in turn. */
export function makeTalk(messages: number): Message[] {
  return Array.from({ length: messages }, (_, position) =>
    position % 2 === 0 ? makeQuestion(position) : makeAnswer(position),
  )
}

/** Makes a conversation for a test. */
export function makeConversation(id = 'c1', overrides: Partial<Conversation> = {}): Conversation {
  return { id, title: `talk ${id}`, isNamed: false, createdAtMs: 1000, updatedAtMs: 1000, ...overrides }
}
