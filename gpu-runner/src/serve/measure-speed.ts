import type { Engine } from '../engine/engine.ts'

const MEASURED_TOKENS = 32

/** Tokens per second of one short answer. 0 for engines that are not measured here: an upstream's tokens may cost money. */
export async function measureSpeed(engine: Engine): Promise<number> {
  if (engine.facts.engine !== 'onnx' || engine.facts.kind !== 'chat') return 0
  const request = {
    messages: [{ role: 'user' as const, content: 'What is Sharnaqa?' }],
    params: { maxTokens: MEASURED_TOKENS },
  }
  // The first run warms the engine up; the second is what counts.
  await timeAnswer(engine, request)
  return await timeAnswer(engine, request)
}

async function timeAnswer(engine: Engine, request: Parameters<Engine['chat']>[0]): Promise<number> {
  const startMs = performance.now()
  let tokens = 0
  for await (const piece of engine.chat(request, new AbortController().signal)) tokens += piece.tokens
  return Math.round((tokens * 10_000) / Math.max(1, performance.now() - startMs)) / 10
}
