import { expect, test } from 'vitest'
import { type AnswerFrame, answerFrameSchema } from '../../../protocol/src/answer.ts'
import { createAnswerStream, writeFrameLine } from './answer-stream.ts'
import { readFrames } from './read-frames.ts'

const frames: readonly AnswerFrame[] = [
  { type: 'job', jobId: 'j', model: 'm', holdNano: '1' },
  { type: 'delta', text: 'سلام\n👩‍👩‍👧' },
  { type: 'pause' },
]

async function readAll<T>(stream: ReadableStream<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of stream as unknown as AsyncIterable<T>) all.push(one)
  return all
}

test('frames come out as they went in, however the bytes were cut', async () => {
  const { body, sink } = createAnswerStream(writeFrameLine, () => undefined)
  for (const frame of frames) sink.write(frame)
  sink.close()
  const byteByByte = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        for (const byte of chunk) controller.enqueue(Uint8Array.of(byte))
      },
    }),
  )
  expect(await readAll(readFrames(byteByByte, (value) => answerFrameSchema.parse(value)))).toEqual(frames)
})
test('a caller that goes away is noticed once, and what is written then goes nowhere', async () => {
  let gone = 0
  const { body, sink } = createAnswerStream(writeFrameLine, () => {
    gone += 1
  })
  const read = readFrames(body, (value) => answerFrameSchema.parse(value))
  sink.write({ type: 'pause' })
  const reader = read.getReader()
  await reader.read()
  await reader.cancel()
  for (const frame of frames) sink.write(frame)
  await expect.poll(() => gone).toBe(1)
  sink.close()
  expect(gone).toBe(1)
})
test('an answer that ended is not a caller that went away', async () => {
  let gone = 0
  const { body, sink } = createAnswerStream(writeFrameLine, () => {
    gone += 1
  })
  sink.close()
  sink.close()
  await body.cancel()
  expect(gone).toBe(0)
})
