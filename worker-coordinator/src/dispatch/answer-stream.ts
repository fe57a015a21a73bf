import type { RelayFrame } from '../../../protocol/src/answer.ts'
import type { Sink } from './live-job.ts'

/** Turns one frame into the text that goes over the caller's stream; '' for nothing. */
export type FrameWriter = (frame: RelayFrame) => string

/** Writes frames as newline-delimited JSON, for the bot, the Mini App and sealed clients. */
export const writeFrameLine: FrameWriter = (frame) => `${JSON.stringify(frame)}\n`

/**
 * Makes a caller's byte stream and the sink that feeds it. `onCancel` is called once when the caller goes away before
 * the end, also when that happens before anything was written.
 */
export function createAnswerStream(
  write: FrameWriter,
  onCancel: () => void,
): { readonly body: ReadableStream<Uint8Array>; readonly sink: Sink } {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let closed = false
  const body = new ReadableStream<Uint8Array>({
    start(created) {
      controller = created
    },
    cancel() {
      if (closed) return
      closed = true
      onCancel()
    },
  })
  const sink: Sink = {
    write(frame) {
      const text = closed ? '' : write(frame)
      if (text !== '') controller?.enqueue(encoder.encode(text))
    },
    close() {
      if (closed) return
      closed = true
      controller?.close()
    },
  }
  return { body, sink }
}
