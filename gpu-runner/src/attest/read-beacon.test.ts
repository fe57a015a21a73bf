import { expect, test } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { openLocalServer } from '../../test/local-server.ts'
import { createBeaconReader } from './read-beacon.ts'

const beacon = (byte: string, publishedAtMs: number) => ({
  value: byte.repeat(32),
  published_at_ms: publishedAtMs,
})

async function readFrom(answer: string, status = 200) {
  const server = await openLocalServer((_, response) => response.writeHead(status).end(answer))
  const read = createBeaconReader(`${server.url}/`, { clock: createFakeClock(), fetchUrl: fetch })
  return { read, server }
}

test('the newest beacon counts, whatever the order', async () => {
  const data = [beacon('aa', 5), beacon('cc', 9), beacon('bb', 7)]
  const { read, server } = await readFrom(JSON.stringify({ network: 'sim-local', data }))
  expect(await read()).toEqual({ ok: true, value: { network: 'sim-local', value: 'cc'.repeat(32) } })
  expect(server.requests[0]?.url).toBe('/v1/beacons')
})

test.each([
  ['no JSON', 'hello', 200, 'beacon-malformed'],
  [
    'a value of another length',
    JSON.stringify({ network: 'n', data: [beacon('a', 1)] }),
    200,
    'beacon-malformed',
  ],
  ['none', JSON.stringify({ network: 'n', data: [] }), 200, 'beacon-missing'],
  ['a refusal', '{}', 404, 'beacon-refused'],
  ['too much', ' '.repeat(70_000), 200, 'beacon-too-large'],
])('an answer with %s ends with a reason', async (_, answer, status, reason) => {
  const { read } = await readFrom(answer, status)
  expect(await read()).toEqual({ ok: false, reason })
})
