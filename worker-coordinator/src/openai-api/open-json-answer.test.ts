import { afterEach, expect, test, vi } from 'vitest'
import { toOpenAiError } from '../../../protocol/src/openai/openai-error.ts'
import { openJsonAnswer, STATUS_WAIT_MS } from './open-json-answer.ts'
import { streamOf } from './setup-openai-deps.ts'

afterEach(() => {
  vi.useRealTimers()
})

const textOf = (body: ReadableStream<Uint8Array> | string) => new Response(body).text()

test('an answer passes through with its bytes and 200', async () => {
  const { status, body } = await openJsonAnswer(streamOf(['{"id":"chatcmpl-', '1"}']))
  expect(status).toBe(200)
  expect(await textOf(body)).toBe('{"id":"chatcmpl-1"}')
})

test('an answer that turns out to be an error has the error’s status, however its bytes are cut', async () => {
  const text = JSON.stringify(toOpenAiError('timed-out').body)
  const { status, body } = await openJsonAnswer(streamOf([text.slice(0, 12), text.slice(12)]))
  expect(status).toBe(504)
  expect(await textOf(body)).toBe(text)
})

test('a body without a byte is passed on as it is', async () => {
  const { status, body } = await openJsonAnswer(streamOf([]))
  expect([status, await textOf(body)]).toEqual([200, ''])
})

test('an answer that takes longer than the wait opens with 200 and loses nothing', async () => {
  vi.useFakeTimers()
  let send: (text: string) => void = () => {}
  const late = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (text) => {
        controller.enqueue(new TextEncoder().encode(text))
        controller.close()
      }
    },
  })
  const opening = openJsonAnswer(late)
  await vi.advanceTimersByTimeAsync(STATUS_WAIT_MS)
  const { status, body } = await opening
  send('{"id":"chatcmpl-1"}')
  expect([status, await textOf(body)]).toEqual([200, '{"id":"chatcmpl-1"}'])
})

test('a caller that hangs up ends the answer', async () => {
  let cancelled = false
  const open = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":')),
    cancel: () => {
      cancelled = true
    },
  })
  const { body } = await openJsonAnswer(open)
  if (typeof body === 'string') throw new Error('the answer was no stream')
  await body.cancel()
  expect(cancelled).toBe(true)
})

test('a caller that hangs up before the first byte ends the answer', async () => {
  const cancelled = Promise.withResolvers<void>()
  const silent = new ReadableStream<Uint8Array>({ cancel: () => cancelled.resolve() })
  const caller = new AbortController()
  const opening = openJsonAnswer(silent, caller.signal)
  caller.abort()
  await cancelled.promise
  expect(await textOf((await opening).body)).toBe('')
})
