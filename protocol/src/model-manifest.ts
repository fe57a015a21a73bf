import { z } from 'zod'
import { canonicalJson, sha256Hex } from './canonical-json.ts'

/** A model's name: letters, digits and `. _ - : /`, at most 96 characters. */
export const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._:/-]{0,95}$/i, 'not a model name')

export const modelKindSchema = z.enum(['chat', 'embedding'])
export type ModelKind = z.infer<typeof modelKindSchema>

/** A model's files and their SHA-256 (hex), with what a person must know of it. Kept beside the files as `manifest.json`. */
export const modelManifestSchema = z.strictObject({
  id: modelIdSchema,
  kind: modelKindSchema,
  /** Tokens that prompt and answer may have together. */
  contextTokens: z.int().min(16).max(10_000_000),
  /** Number of weights: how the network tells a small model from a large one. */
  parameters: z.int().min(0),
  licence: z.string().max(64),
  /** Numbers per embedding; only for kind `embedding`. */
  dimensions: z.int().min(1).max(65_536).optional(),
  /** Which weights the engine loads, in transformers.js' words (`q8`, `q4`, `fp16`, `fp32`). */
  dtype: z.string().max(16),
  files: z
    .array(
      z.strictObject({
        path: z
          .string()
          .regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'not a path inside the folder'),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(1000),
})
export type ModelManifest = z.infer<typeof modelManifestSchema>

/** The digest that names exactly these files: SHA-256 over the canonical JSON of the manifest. */
export function manifestDigest(manifest: ModelManifest): Promise<string> {
  return sha256Hex(canonicalJson(manifest))
}

/**
 * The digest of a model that another server serves (an upstream): its files cannot be seen, so only its name is bound.
 * Two runners that announce the same upstream name have the same digest.
 */
export function upstreamDigest(modelId: string): Promise<string> {
  return sha256Hex(canonicalJson({ upstream: modelId }))
}
