import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { fakeRunner } from '../setup-network.ts'
import { readStream, setupSealed } from './setup-sealed.ts'

const network = await setupSealed({ plans: [fakeRunner()], teePlans: [] })
const { relay, started } = network
const client = new OpenAI({ baseURL: `${relay.url}/v1`, apiKey: started.apiKey, maxRetries: 0 })

test('what passes the relay passes unaltered and is kept: sockets of runners and streams of clients', async () => {
  const through = await readStream(client, 'fake', 'What is silk?')
  const straight = await readStream(network.client, 'fake', 'What is silk?')
  expect(through.text).toBe(straight.text)
  expect(new Set(relay.passed.map(({ kind }) => kind))).toEqual(
    new Set(['http-up', 'http-down', 'socket-up', 'socket-down']),
  )
})
test('what it is told to alter arrives altered', async () => {
  relay.tamper({
    request: (body) => body.replace('silk', 'wool'),
    line: (line) =>
      line.includes('"content"') ? line.replace(/"content":"[^"]*"/, '"content":"altered "') : line,
  })
  const { text } = await readStream(client, 'fake', 'What is silk?')
  relay.tamper({})
  expect(text).toMatch(/^(altered )+$/)
  expect(relay.passed.some(({ bytes }) => bytes.includes('What is wool?'))).toBe(true)
})
