import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { MOCK_MODEL, type Pace, paceSchema } from './load-order.ts'

// An OpenAI-compatible server that answers as the prompt says, in a process of its own. Its first token carries two
// times of the machine's monotonic clock, in ns: when the request was here, and when the token left.

const requestSchema = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) })
const PROMPT_TOKENS = 12
const base = `data: {"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1790000000,"model":"${MOCK_MODEL}"`

process.channel?.ref()
const server = createServer((request, response) => {
  const arrived = process.hrtime.bigint()
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ object: 'list', data: [{ id: MOCK_MODEL, object: 'model' }] }))
    return
  }
  let text = ''
  request.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  request.on('end', () => {
    const { messages } = requestSchema.parse(JSON.parse(text))
    const pace = paceSchema.parse(JSON.parse(messages.at(-1)?.content ?? ''))
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.flushHeaders()
    answer(response, pace, arrived)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.({ type: 'listening', port: (server.address() as AddressInfo).port })

function answer(response: ServerResponse, pace: Pace, arrived: bigint): void {
  let made = 0
  let timer: ReturnType<typeof setInterval> | undefined
  response.on('close', () => clearInterval(timer))
  const next = () => {
    response.write(made === 0 ? first(arrived) : delta('"content":" silk"'))
    made += 1
    if (made < pace.tokens) return true
    clearInterval(timer)
    response.end(last(pace.tokens))
    return false
  }
  const begin = () => {
    if (pace.everyMs > 0) {
      if (next()) timer = setInterval(next, pace.everyMs)
      return
    }
    while (next());
  }
  if (pace.firstMs > 0) setTimeout(begin, pace.firstMs)
  else begin()
}

function first(arrived: bigint): string {
  return `${delta('"role":"assistant","content":""')}${delta(`"content":"@${arrived}/${process.hrtime.bigint()}"`)}`
}

function delta(members: string): string {
  return `${base},"choices":[{"index":0,"delta":{${members}},"logprobs":null,"finish_reason":null}]}\n\n`
}

function last(tokens: number): string {
  const usage = {
    prompt_tokens: PROMPT_TOKENS,
    completion_tokens: tokens,
    total_tokens: PROMPT_TOKENS + tokens,
  }
  const stop = `${base},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}\n\n`
  return `${stop}${base},"choices":[],"usage":${JSON.stringify(usage)}}\n\ndata: [DONE]\n\n`
}
