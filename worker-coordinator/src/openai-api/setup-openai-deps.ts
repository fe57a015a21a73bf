import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import { makeJobId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { createChunkWriter } from '../../../protocol/src/openai/to-chunk.ts'
import { createCompletionWriter } from '../../../protocol/src/openai/to-completion.ts'
import type { ChatJob, EmbeddingJob } from '../jobs/chat-job.ts'
import type { LogFacts } from '../platform/log.ts'
import type { AnswerFormat, ListedModel, OpenAiDeps } from './openai-deps.ts'

export const NOW_MS = 1_790_000_000_123
export const KEY = 'sk-sharnaqa-test'

export const USAGE = { promptTokens: 7, completionTokens: 2, costNano: '1234' }
export const SILKWORM: ListedModel = {
  id: 'silkworm',
  createdAtS: 1_780_000_000,
  kind: 'chat',
  contextTokens: 2048,
  parameters: 10_000_000,
  price: { input: nano(20_000_000n), output: nano(80_000_000n) },
  online: 2,
}
export const MINILM: ListedModel = {
  id: 'sentence/all-minilm:l6',
  createdAtS: 1_780_000_001,
  kind: 'embedding',
  contextTokens: 256,
  parameters: 22_000_000,
  online: 0,
}

/** The frames of a short answer. */
export const FRAMES: readonly AnswerFrame[] = [
  { type: 'job', jobId: 'j', model: 'silkworm', holdNano: '5000' },
  { type: 'queued', place: 2, waitSeconds: 7.2 },
  { type: 'delta', text: 'Hel' },
  { type: 'pause' },
  { type: 'delta', text: 'lo "you"\n🐛' },
  { type: 'end', finish: 'stop', usage: USAGE, receipts: [] },
]

/** The bytes that a job object would send for these frames. */
export function writeAnswer(
  frames: readonly AnswerFrame[],
  format: AnswerFormat,
): ReadableStream<Uint8Array> {
  const create = format.kind === 'openai-sse' ? createChunkWriter : createCompletionWriter
  const texts = frames.map(create(format.meta)).filter((text) => text !== '')
  return streamOf(texts)
}

/** A body that gives these texts one after another. */
export function streamOf(texts: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
}

export type SeenJobs = {
  chats: ChatJob[]
  embeddings: EmbeddingJob[]
  logs: [string, LogFacts | undefined][]
}

/** Fakes for tests: one key, a generous allowance, FRAMES as the answer, and what was asked of them. */
export function setupDeps(overrides: Partial<OpenAiDeps> = {}): { deps: OpenAiDeps; seen: SeenJobs } {
  const seen: SeenJobs = { chats: [], embeddings: [], logs: [] }
  let made = 0
  const deps: OpenAiDeps = {
    authenticate: async (authorization) =>
      authorization === `Bearer ${KEY}` ? { ok: true, caller: { accountId: 5, keyId: 9 } } : { ok: false },
    takeRequest: () => ({ allowed: true, limit: 60, remaining: 59, resetSeconds: 1 }),
    newJobId: () => makeJobId(NOW_MS, new Uint8Array(16).fill(++made)),
    nowMs: () => NOW_MS,
    runChatJob: async (job, format) => {
      seen.chats.push(job)
      return { ok: true, body: writeAnswer(FRAMES, format) }
    },
    runEmbeddingJob: async (job) => {
      seen.embeddings.push(job)
      const vectors = job.texts.map((_, index) => toBase64([0.1, -2, index]))
      return { ok: true, vectors, usage: { ...USAGE, completionTokens: 0 } }
    },
    listModels: async () => [SILKWORM, MINILM],
    log: (event, facts) => seen.logs.push([event, facts]),
    ...overrides,
  }
  return { deps, seen }
}

/** Numbers as base64 of little-endian float32. */
export function toBase64(numbers: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(numbers.length * 4))
  for (const [index, number] of numbers.entries()) view.setFloat32(index * 4, number, true)
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)))
}
