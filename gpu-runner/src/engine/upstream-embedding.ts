import { z } from 'zod'
import type { ChatEnd, EmbeddingRequest } from './engine.ts'
import { askUpstreamJson, type UpstreamHttp } from './upstream-http.ts'
import { refusalOf } from './upstream-refusal.ts'
import { decodeVector, encodeVector, shorten } from './vectors.ts'

const BATCH_TEXTS = 32

const embeddingsSchema = z.looseObject({
  data: z.array(
    z.looseObject({ index: z.int().min(0), embedding: z.union([z.string(), z.array(z.number())]) }),
  ),
  usage: z.looseObject({ prompt_tokens: z.int().min(0) }).nullish(),
})

type Embedded =
  | { readonly ok: true; readonly vectors: readonly Float32Array[]; readonly promptTokens: number }
  | (ChatEnd & { readonly ok: false })

/** Embeds texts through an OpenAI-compatible server, a batch at a time. */
export async function* upstreamEmbed(
  http: UpstreamHttp,
  { model, size }: { readonly model: string; readonly size: number },
  { texts, dimensions }: EmbeddingRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], ChatEnd, void> {
  if (dimensions !== undefined && dimensions > size) {
    return { ok: false, reason: 'unsupported', param: 'dimensions' }
  }
  let promptTokens = 0
  for (let start = 0; start < texts.length; start += BATCH_TEXTS) {
    const batch = await embedBatch(http, model, texts.slice(start, start + BATCH_TEXTS), signal)
    if (signal.aborted) return { ok: true, finish: 'cancelled', usage: { promptTokens, completionTokens: 0 } }
    if (!batch.ok) return batch
    promptTokens += batch.promptTokens
    // Cut here and not by the server: many servers refuse the field.
    yield batch.vectors.map((vector) =>
      encodeVector(dimensions === undefined ? vector : shorten(vector, dimensions)),
    )
  }
  return { ok: true, finish: 'stop', usage: { promptTokens, completionTokens: 0 } }
}

/** Asks for one batch. The server may answer in floats or base64, and in any order. */
export async function embedBatch(
  http: UpstreamHttp,
  model: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embedded> {
  try {
    const body = { model, input: texts, encoding_format: 'base64' }
    const answer = await askUpstreamJson(http, '/v1/embeddings', body, signal)
    if (!answer.ok) return refusalOf(answer.status, answer.text, { maxTokens: 1 })
    const { data, usage } = embeddingsSchema.parse(answer.json)
    const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => readVector(embedding))
    const size = vectors[0]?.length ?? 0
    if (vectors.length !== texts.length || vectors.some((vector) => vector.length !== size)) {
      return { ok: false, reason: 'upstream-failed' }
    }
    const estimate = Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4)
    return { ok: true, vectors, promptTokens: usage?.prompt_tokens ?? estimate }
  } catch {
    // Unreachable, silent, or not what a server of this kind says.
    return { ok: false, reason: 'upstream-failed' }
  }
}

function readVector(embedding: string | number[]): Float32Array {
  return typeof embedding === 'string' ? decodeVector(embedding) : Float32Array.from(embedding)
}
