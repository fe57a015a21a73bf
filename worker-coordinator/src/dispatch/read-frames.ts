/** The longest line of frames, in characters: one delta and its JSON. */
const LINE_MAX_CHARS = 2_000_000

/** Reads newline-delimited JSON. Cancelling the result cancels the bytes behind it. A broken line errors the stream. */
export function readFrames<Frame>(
  bytes: ReadableStream<Uint8Array>,
  parse: (value: unknown) => Frame,
): ReadableStream<Frame> {
  let rest = ''
  return bytes.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).pipeThrough(
    new TransformStream<string, Frame>({
      transform(chunk, controller) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > LINE_MAX_CHARS) throw new RangeError('a frame has no end')
        for (const line of lines) if (line !== '') controller.enqueue(parse(JSON.parse(line)))
      },
    }),
  )
}
