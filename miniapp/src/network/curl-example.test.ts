import { expect, test } from 'vitest'
import { curlExample } from './curl-example.ts'
import { parseNetwork } from './network.ts'

const network = (...models: { id: string; kind?: string; runners?: number }[]) =>
  parseNetwork({ models: models.map((one) => ({ kind: 'chat', runners: 1, ...one })) })
const modelOf = (command: string) => JSON.parse(command.slice(command.indexOf('{'), -1)).model

test('the request goes to this network, with a place for the key', () => {
  expect(
    curlExample('https://network.example/v1', undefined),
  ).toBe(`curl https://network.example/v1/chat/completions \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"silkworm",
       "messages":[{"role":"user","content":"Hello"}]}'`)
})

test('the model is one that answers now', () => {
  const asked = network(
    { id: 'gone', runners: 0 },
    { id: 'minilm', kind: 'embedding' },
    { id: 'qwen/qwen3-8b' },
  )
  expect(modelOf(curlExample('/v1', asked))).toBe('qwen/qwen3-8b')
})

test("a runner's name for its model cannot become part of the command", () => {
  expect(modelOf(curlExample('/v1', network({ id: "x'; rm -r ~; '" })))).toBe('silkworm')
})
