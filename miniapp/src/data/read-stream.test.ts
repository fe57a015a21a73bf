import { expect, test } from 'vitest'
import { EVENT_CHARS_MAX, readStream, type StreamEvent } from './read-stream.ts'

const encoder = new TextEncoder()

function streamOf(parts: readonly (string | Uint8Array | Error)[]): ReadableStream<Uint8Array> {
  const left = [...parts]
  return new ReadableStream({
    pull(controller) {
      const part = left.shift()
      if (part === undefined) controller.close()
      else if (part instanceof Error) controller.error(part)
      else controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part)
    },
  })
}

async function eventsOf(parts: readonly (string | Uint8Array | Error)[]): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of readStream(streamOf(parts))) events.push(event)
  return events
}

test('events are read wherever the network cuts them, also through a letter', async () => {
  const bytes = encoder.encode('data: {"a":"شرنقة"}\r\n\r\n: pause\n\ndata: [DONE]\n\n')
  const whole = [
    { type: 'data', data: '{"a":"شرنقة"}' },
    { type: 'comment', text: 'pause' },
    { type: 'data', data: '[DONE]' },
    { type: 'closed' },
  ]
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(await eventsOf([bytes.slice(0, cut), bytes.slice(cut)]), `cut at ${cut}`).toEqual(whole)
  }
})

test('lines of one event are joined, and fields that nobody asked for are skipped', async () => {
  expect(await eventsOf(['event: x\ndata: one\ndata:two\nid: 7\n\n'])).toEqual([
    { type: 'data', data: 'one\ntwo' },
    { type: 'closed' },
  ])
})

test('a stream that breaks says so, and keeps what came', async () => {
  expect(await eventsOf(['data: one\n\n', new Error('reset')])).toEqual([
    { type: 'data', data: 'one' },
    { type: 'broken' },
  ])
})

test('an event without an end is not read for ever', async () => {
  const piece = 'x'.repeat(EVENT_CHARS_MAX / 4)
  expect(await eventsOf(['data: ', piece, piece, piece, piece, piece])).toEqual([{ type: 'too-long' }])
})

test('whoever stops reading lets the answer go', async () => {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('data: one\n\n')),
    cancel: () => {
      cancelled = true
    },
  })
  for await (const _ of readStream(body)) break
  expect(cancelled).toBe(true)
})
