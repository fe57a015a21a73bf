/** Keys of a runner that sealed requests may name, as the coordinator admitted them. */
export type SealedKey = {
  /** What a header's candidate names: `run_…` of a paired runner, SHA-256 of its signing key in a TEE. */
  readonly runnerId: string
  readonly kind: 'tee' | 'paired'
  readonly epoch: number
  readonly evidenceDigest: string
  /** Raw Ed25519, base64url: signs receipts. */
  readonly signingKey: string
  /** The first moment at which a part of it ends, Unix ms. */
  readonly untilMs: number
  /** Of the policy by which a TEE's evidence was judged; 0 for a paired runner. */
  readonly policySeq: number
  readonly isSimulated: boolean
}
