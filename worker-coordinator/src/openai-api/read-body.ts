/** The text of a body, or why there is none. */
export type BodyText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'body-too-large' | 'invalid-json' }

/**
 * Bytes of a body over its bound that are still read, and thrown away: a client that is cut off while it sends sees a
 * broken connection, not the reply that says why.
 */
const DRAINED_MAX = 16 * 1024 * 1024

/** Reads a body as UTF-8 and holds no more than the bound of it. */
export async function readBodyText(request: Request, maxBytes: number): Promise<BodyText> {
  const declared = Number(request.headers.get('content-length'))
  if (declared > maxBytes + DRAINED_MAX) return { ok: false, reason: 'body-too-large' }
  if (request.body === null) return { ok: true, text: '' }
  const chunks: Uint8Array[] = []
  let length = 0
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.byteLength
    if (length <= maxBytes) chunks.push(read.value)
    else chunks.length = 0
    if (length > maxBytes + DRAINED_MAX) {
      await reader.cancel()
      break
    }
  }
  return length > maxBytes ? { ok: false, reason: 'body-too-large' } : decode(chunks)
}

/** Bytes that are no UTF-8 are no JSON either (RFC 8259 §8.1). */
function decode(chunks: readonly Uint8Array[]): BodyText {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  try {
    const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
    return { ok: true, text }
  } catch {
    return { ok: false, reason: 'invalid-json' } // the decoder throws on the first byte that is no UTF-8
  }
}
