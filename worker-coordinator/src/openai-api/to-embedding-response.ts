import type { AnswerUsage } from '../../../protocol/src/answer.ts'
import { embeddingUsageJson } from '../../../protocol/src/openai/usage-json.ts'

/** Digits that bring any float32 back exactly (IEEE 754: 9 decimal digits). */
const FLOAT32_DIGITS = 9

/**
 * The body of an embeddings answer. `vectors`: base64 of little-endian float32, in the order of the texts. Gives
 * undefined where one is not a list of finite numbers: JSON cannot carry those.
 */
export function toEmbeddingResponse(
  meta: { readonly model: string; readonly encodingFormat: 'float' | 'base64' },
  vectors: readonly string[],
  usage: AnswerUsage,
): string | undefined {
  const data: string[] = []
  for (const [index, vector] of vectors.entries()) {
    const embedding = meta.encodingFormat === 'base64' ? JSON.stringify(vector) : floatsJson(vector)
    if (embedding === undefined) return undefined
    data.push(`{"object":"embedding","index":${index},"embedding":${embedding}}`)
  }
  const model = JSON.stringify(meta.model)
  return `{"object":"list","data":[${data.join(',')}],"model":${model},"usage":${embeddingUsageJson(usage)}}`
}

/** A vector as a JSON list, each number in as few digits as keep it exact. */
function floatsJson(vector: string): string | undefined {
  const bytes = readBase64(vector)
  if (bytes === undefined || bytes.length === 0 || bytes.length % 4 !== 0) return undefined
  const view = new DataView(bytes.buffer)
  const numbers: string[] = []
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const value = view.getFloat32(offset, true)
    if (!Number.isFinite(value)) return undefined
    numbers.push(String(Number(value.toPrecision(FLOAT32_DIGITS))))
  }
  return `[${numbers.join(',')}]`
}

function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return undefined // atob throws on what is not base64; the caller refuses the vector
  }
}
