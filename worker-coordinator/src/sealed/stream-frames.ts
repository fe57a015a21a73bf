import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import type { FrameWriter } from '../dispatch/answer-stream.ts'

/** Writes frames as bytes while somebody reads them. `onCancel`: the reader is gone, and wants no more. */
export function streamFrames(
  begun: readonly AnswerFrame[],
  frames: AsyncGenerator<AnswerFrame, void, void>,
  write: FrameWriter,
  onCancel: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const frame of begun) enqueue(controller, write(frame))
    },
    async pull(controller) {
      // A frame may have nothing to show in this format: a pull must bring something, or the end.
      for (;;) {
        const { value: frame, done } = await frames.next()
        if (done) return controller.close()
        const text = write(frame)
        if (text === '') continue
        return enqueue(controller, text)
      }
    },
    async cancel() {
      onCancel()
      await frames.return()
    },
  })

  function enqueue(controller: ReadableStreamDefaultController<Uint8Array>, text: string): void {
    if (text !== '') controller.enqueue(encoder.encode(text))
  }
}
