import { ERROR_HEAD, statusOfErrorBody } from '../../../protocol/src/openai/openai-error.ts'

/** How long the status may wait for the answer; after that it is 200, since the platform wants headers within 30 s. */
export const STATUS_WAIT_MS = 20_000

export type JsonAnswer = { readonly status: number; readonly body: ReadableStream<Uint8Array> | string }

/**
 * Holds an answer in one piece back until its first bytes, so that one that turns out to be an error gets the error's
 * status. Longer than STATUS_WAIT_MS it does not wait: the answer then comes with 200, and an error tells itself in
 * the body. `signal`: the caller hung up; the answer is not wanted any more.
 */
export async function openJsonAnswer(
  body: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): Promise<JsonAnswer> {
  const reader = body.getReader()
  signal?.addEventListener('abort', () => void reader.cancel(), { once: true })
  const first = reader.read()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, STATUS_WAIT_MS, undefined)
  })
  const read = await Promise.race([first, late])
  clearTimeout(timer)
  if (read?.value === undefined || !isError(read.value)) return { status: 200, body: rest(reader, first) }
  const text = await new Response(rest(reader, first)).text()
  return { status: statusOfErrorBody(text) ?? 500, body: text }
}

function isError(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, ERROR_HEAD.length)) === ERROR_HEAD
}

/** The same bytes again, with the read that was already begun. */
function rest(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: ReturnType<typeof reader.read>,
): ReadableStream<Uint8Array> {
  let next: typeof first | undefined = first
  return new ReadableStream({
    async pull(controller) {
      const read = await (next ?? reader.read())
      next = undefined
      if (read.done) controller.close()
      else controller.enqueue(read.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
