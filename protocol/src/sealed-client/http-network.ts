import * as z from 'zod/mini'
import { type Bytes, concatBytes } from '../bytes.ts'
import { momentMs, parserOf } from '../miniapp/fields.ts'
import type { NetworkReply, SealedNetwork, SealedOrder } from './sealed-network.ts'

/** Asks the coordinator. Only a network that is not there is `unreachable`; refusals come as they are. */
export type FetchApi = (
  path: string,
  init: {
    readonly method?: 'GET' | 'POST'
    readonly body?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal | undefined
  },
) => Promise<NetworkReply<Response>>

/** `GET /v1/beacons`. Values are 32 bytes in hex. */
export const beaconsSchema = z.object({
  network: z.string(),
  data: z
    .array(z.object({ value: z.string().check(z.regex(/^[0-9a-f]{64}$/)), published_at_ms: momentMs }))
    .check(z.maxLength(64)),
})

const BEACONS = parserOf(beaconsSchema)
const DOCUMENT_BYTES_MAX = 3_000_000

/** The network over HTTP: for a page, and for a program on one's own machine. */
export function createHttpNetwork(fetchApi: FetchApi): SealedNetwork {
  const readBytes = async (path: string, signal: AbortSignal | undefined): Promise<NetworkReply<Bytes>> => {
    const reply = await fetchApi(path, { signal })
    if (!reply.ok) return reply
    try {
      const bytes = await readBounded(reply.value)
      return bytes ? { ok: true, value: bytes } : { ok: false, reason: 'too-long' }
    } catch {
      return { ok: false, reason: 'unreachable' } // it broke off
    }
  }
  return {
    readDirectory: (model, tier, signal) =>
      readBytes(`/v1/sealed/directory?${new URLSearchParams({ model, tier })}`, signal),
    readEvidence: (digest, signal) => readBytes(`/v1/sealed/evidence/${digest}`, signal),
    readPolicy: (signal) => readBytes('/v1/policy', signal),
    readBeacons: async (signal) => {
      const reply = await readBytes('/v1/beacons', signal)
      if (!reply.ok) return reply
      const beacons = BEACONS(parseJson(new TextDecoder().decode(reply.value)))
      if (!beacons) return { ok: false, reason: 'beacons-malformed' }
      return {
        ok: true,
        value: beacons.data.map(({ value, published_at_ms }) => ({ value, publishedAtMs: published_at_ms })),
      }
    },
    open: async (order, signal) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': order.key }
      const reply = await fetchApi('/v1/sealed/chat', {
        method: 'POST',
        body: JSON.stringify(bodyOf(order)),
        headers,
        signal,
      })
      if (!reply.ok) return reply
      return { ok: true, value: reply.value.body ?? new Blob([]).stream() }
    },
  }
}

/** The body of `POST /v1/sealed/chat`: `sealedChatSchema`. */
function bodyOf({ model, envelope, lingerSeconds, maxPrice }: SealedOrder) {
  return { model, ...envelope, linger_seconds: lingerSeconds, max_price: maxPrice }
}

/** Reads a body; undefined where it is longer than any document may be. Throws where it breaks off. */
async function readBounded({ body }: Response): Promise<Bytes | undefined> {
  const reader = body?.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const read = await reader?.read()
    if (!read?.value) return concatBytes(...parts)
    length += read.value.length
    if (length > DOCUMENT_BYTES_MAX) {
      await reader?.cancel()
      return undefined
    }
    parts.push(read.value)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
