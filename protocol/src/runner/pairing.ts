import { z } from 'zod'

/** A pairing code as a person reads it: eight characters without 0, O, 1, I, in two groups. */
export const pairingCodeSchema = z
  .string()
  .transform((code) => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
  .pipe(
    z.string().regex(/^[A-HJ-NP-Z2-9]{8}$/, 'A pairing code has eight letters and digits, like K7QM-29XF.'),
  )

/** How long a pairing code can be used, in ms. */
export const PAIRING_CODE_TTL_MS = 10 * 60_000

/** `POST /v1/runners/pair`: a runner joins its owner's account with a code that the owner was shown. */
export const pairRequestSchema = z.strictObject({
  code: pairingCodeSchema,
  /** Raw 32-byte Ed25519 public key, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** What the owner calls this machine. */
  name: z.string().trim().min(1).max(64),
  /** Ed25519 over `pairSigningText`, base64url: proves that the key is held. */
  signature: z.string().max(128),
})
export type PairRequest = z.infer<typeof pairRequestSchema>

export const pairResponseSchema = z.object({ runnerId: z.string(), name: z.string() })

/** The text a runner signs to pair. */
export function pairSigningText(code: string, publicKey: string): string {
  return ['sharnaqa-pair-v1', code, publicKey].join('\n')
}
