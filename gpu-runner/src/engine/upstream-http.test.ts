import { expect, test } from 'vitest'
import { createFakeClock, settle } from '../../test/fake-clock.ts'
import { askUpstream, upstreamBase } from './upstream-http.ts'

const never = new AbortController().signal

test('the address may end in /v1 or not', () => {
  expect(upstreamBase('http://h:8000/v1/')).toBe('http://h:8000')
  expect(upstreamBase('http://h:8000/')).toBe('http://h:8000')
  expect(upstreamBase('http://h:8000/api/v1')).toBe('http://h:8000/api')
})

test('a server that never begins is given up after three minutes', async () => {
  const clock = createFakeClock()
  const hang: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) =>
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
    )
  const answer = askUpstream({ fetch: hang, clock, baseUrl: 'http://h' }, '/x', {}, never).catch(
    () => 'gave up',
  )
  await clock.advance(179_999)
  expect(await Promise.race([answer, settle().then(() => 'waits')])).toBe('waits')
  await clock.advance(1)
  expect(await answer).toBe('gave up')
})

test('a server that falls silent in the middle is given up after a minute', async () => {
  const clock = createFakeClock()
  const stall: typeof fetch = async (_, init) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array([1]))
        init?.signal?.addEventListener('abort', () => controller.error(new Error('aborted')))
      },
    })
    return new Response(body)
  }
  const answer = await askUpstream({ fetch: stall, clock, baseUrl: 'http://h' }, '/x', {}, never)
  if (!answer.ok) throw new Error('it answered 200')
  expect((await answer.chunks.next()).value).toEqual(new Uint8Array([1]))
  const next = answer.chunks.next().then(
    () => 'more',
    () => 'gave up',
  )
  await clock.advance(60_000)
  expect(await next).toBe('gave up')
})
