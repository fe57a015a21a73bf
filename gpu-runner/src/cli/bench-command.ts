import { systemClock } from '../clock.ts'
import { readFakeOptions } from '../config/fake-options.ts'
import type { Engine } from '../engine/engine.ts'
import { openEngine } from '../engine/open-engine.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { CommandContext } from './run-cli.ts'

const ANSWER_TOKENS = 200
const RUNS = 5
const STREAMS = 4
const EMBED_TEXTS = 64

/** Measures one model on this machine: load, first token, tokens per second of one stream and of four, memory. */
export async function benchCommand({
  args,
  config,
  dataDir,
  env,
  output,
}: CommandContext): Promise<ExitCode> {
  const engineName = config.engine ?? (config.upstreamUrl ? 'upstream' : 'onnx')
  const model = args[0] ?? config.models?.[0] ?? (engineName === 'onnx' ? 'silkworm' : undefined)
  const startMs = performance.now()
  const opened = await openEngine({
    dataDir,
    config: { ...config, engine: engineName },
    model,
    fake: readFakeOptions(env),
  })
  if (!opened.ok) {
    output.problem(opened.sentence)
    return EXIT.model
  }
  const { engine } = opened
  const loadMs = Math.round(performance.now() - startMs)
  const measured = engine.facts.kind === 'chat' ? await benchChat(engine) : await benchEmbedding(engine)
  const memoryMb = Math.round(process.resourceUsage().maxRSS / 1000)
  await engine.close()
  const result = { model: engine.facts.model, device: engine.facts.device, loadMs, ...measured, memoryMb }
  if (output.mode === 'json') output.line(JSON.stringify({ event: 'model-measured', ...result }))
  else for (const [name, value] of Object.entries(result)) output.line(`${name.padEnd(26)} ${value}`)
  return EXIT.ok
}

async function benchChat(engine: Engine) {
  await answer(engine)
  const alone = []
  for (let run = 0; run < RUNS; run++) alone.push(await answer(engine))
  const startMs = systemClock.nowMs()
  const together = await Promise.all(Array.from({ length: STREAMS }, () => answer(engine)))
  const seconds = Math.max(1, systemClock.nowMs() - startMs) / 1000
  const tokens = together.reduce((sum, { tokens }) => sum + tokens, 0)
  return {
    firstTokenMs: median(alone.map(({ firstMs }) => firstMs)),
    tokensPerSecond: median(alone.map(({ tokens, totalMs }) => (tokens * 1000) / totalMs)),
    tokensPerSecondFourStreams: Math.round(tokens / seconds),
  }
}

async function answer(engine: Engine) {
  const content = 'Tell me a long story about a silkworm that wanted to see the sea.'
  const request = { messages: [{ role: 'user' as const, content }], params: { maxTokens: ANSWER_TOKENS } }
  const startMs = performance.now()
  let firstMs = 0
  let tokens = 0
  for await (const piece of engine.chat(request, new AbortController().signal)) {
    if (tokens === 0) firstMs = performance.now() - startMs
    tokens += piece.tokens
  }
  return { firstMs, tokens, totalMs: performance.now() - startMs }
}

async function benchEmbedding(engine: Engine) {
  const texts = Array.from(
    { length: EMBED_TEXTS },
    (_, i) => `Text ${i}: ${'silk and light and a quiet river '.repeat(5)}`,
  )
  const measure = async () => {
    const startMs = performance.now()
    let vectors = 0
    for await (const batch of engine.embed({ texts }, new AbortController().signal)) vectors += batch.length
    return (vectors * 1000) / (performance.now() - startMs)
  }
  await measure()
  return { textsPerSecond: median([await measure(), await measure(), await measure()]) }
}

function median(values: readonly number[]): number {
  return Math.round((values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0) * 10) / 10
}
