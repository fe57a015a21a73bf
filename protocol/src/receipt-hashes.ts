import { canonicalJson, type Json, sha256Hex } from './canonical-json.ts'

/** The hash of what came in: canonical JSON of the offer's content (messages and params, or texts), continuation included. */
export function inputHash(content: Json): Promise<string> {
  return sha256Hex(canonicalJson(content))
}

/**
 * The chained hash of what went out: h₀ = SHA-256(jobId/attempt), hᵢ = SHA-256(hᵢ₋₁ ‖ pieceᵢ), where a piece is a
 * delta's text, or one embedding's base64. A changed, missing or reordered piece changes it.
 */
export async function outputHash(jobId: string, attempt: number, pieces: readonly string[]): Promise<string> {
  let link = await sha256Hex(`${jobId}/${attempt}`)
  for (const piece of pieces) link = await sha256Hex(link + piece)
  return link
}
