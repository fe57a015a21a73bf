import { Agent, request } from 'node:http'
import { type LoadOrder, type LoadResult, loadOrderSchema, type Sample } from './load-order.ts'

// Sends chats to one target and measures them, in a process of its own. Orders come from the parent, one at a time.

const REQUEST_TIMEOUT_MS = 20_000
const TAIL_CHARS = 64
const SYSTEM = 'You are a careful assistant. Answer briefly and say so when you do not know.'

type Answer = Sample & { readonly startedMs: number; readonly endedMs: number }

const agents = new Map<string, Agent>()
process.channel?.ref()
process.on('message', (message) => {
  const order = loadOrderSchema.parse(message)
  void run(order).then((result) => process.send?.(result))
})

async function run(order: LoadOrder): Promise<LoadResult> {
  const { id, until, concurrency } = order
  const agent = agentOf(order)
  const answers: Answer[] = []
  let failures = 0
  let failure: string | undefined
  let begun = 0
  const beganMs = performance.now()
  const goesOn = () =>
    until.kind === 'requests'
      ? begun++ < until.warm + until.count
      : performance.now() - beganMs < until.warmMs + until.countMs
  const work = async () => {
    while (goesOn()) {
      try {
        answers.push(await ask(order, agent))
      } catch (error) {
        failures += 1
        failure ??= error instanceof Error ? error.message : 'unknown'
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const fromMs = beganMs + (until.kind === 'time' ? until.warmMs : 0)
  const counted =
    until.kind === 'requests'
      ? answers.slice(until.warm)
      : answers.filter(({ startedMs }) => startedMs >= fromMs)
  return {
    type: 'measured',
    id,
    samples: counted.map(({ firstMs, totalMs, thereMs, backMs }) => ({ firstMs, totalMs, thereMs, backMs })),
    answersPerSecond: until.kind === 'time' ? rateIn(answers, fromMs, fromMs + until.countMs) : 0,
    failures,
    ...(failure === undefined ? {} : { failure }),
  }
}

function agentOf({ target }: LoadOrder): Agent {
  const agent = agents.get(target.url) ?? new Agent({ keepAlive: true })
  agents.set(target.url, agent)
  return agent
}

/** Answers per second in a window; one that began before it or ended after it counts by the part inside. */
function rateIn(answers: readonly Answer[], fromMs: number, untilMs: number): number {
  const parts = answers.map(({ startedMs, endedMs }) => {
    const inside = Math.min(endedMs, untilMs) - Math.max(startedMs, fromMs)
    return Math.max(0, inside) / Math.max(0.001, endedMs - startedMs)
  })
  return (parts.reduce((sum, part) => sum + part, 0) * 1000) / (untilMs - fromMs)
}

function ask({ target, pace }: LoadOrder, agent: Agent): Promise<Answer> {
  const body = JSON.stringify({
    model: target.model,
    stream: true,
    max_tokens: pace.tokens * 2,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: JSON.stringify(pace) },
    ],
  })
  const headers = {
    ...target.headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  }
  return new Promise((resolve, reject) => {
    const sent = process.hrtime.bigint()
    const options = { method: 'POST', agent, headers, timeout: REQUEST_TIMEOUT_MS }
    const call = request(`${target.url}/chat/completions`, options, (reply) => {
      let first: { readonly at: bigint; readonly arrived: bigint; readonly left: bigint } | undefined
      let text = ''
      reply.setEncoding('utf8').on('data', (part: string) => {
        text += part
        const stamp = first ? undefined : /@(\d+)\/(\d+)/.exec(text)
        if (stamp)
          first = { at: process.hrtime.bigint(), arrived: BigInt(stamp[1] ?? 0), left: BigInt(stamp[2] ?? 0) }
        if (first) text = text.slice(-TAIL_CHARS)
      })
      reply.on('end', () => {
        const ended = process.hrtime.bigint()
        if (reply.statusCode !== 200 || !first || !text.includes('data: [DONE]')) {
          return reject(new Error(`status ${reply.statusCode}: ${text.slice(0, 200)}`))
        }
        resolve({
          firstMs: msBetween(sent, first.at),
          totalMs: msBetween(sent, ended),
          thereMs: msBetween(sent, first.arrived),
          backMs: msBetween(first.left, first.at),
          startedMs: performance.now() - msBetween(sent, ended),
          endedMs: performance.now(),
        })
      })
      reply.on('error', reject)
    })
    call.on('timeout', () => call.destroy(new Error(`no answer in ${REQUEST_TIMEOUT_MS / 1000} s`)))
    call.on('error', reject)
    call.end(body)
  })
}

function msBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e6
}
