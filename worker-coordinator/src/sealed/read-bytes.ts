import { type Bytes, concatBytes } from '../../../protocol/src/bytes.ts'

/** Reads a request's body; undefined as soon as more than the limit has come in, whatever Content-Length said. */
export async function readBytesUpTo(request: Request, maxBytes: number): Promise<Bytes | undefined> {
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return concatBytes(...chunks)
}
