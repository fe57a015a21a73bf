import { z } from 'zod'
import { amountSchema, amountTextSchema, unixSecondsSchema } from '../accounts/amount.ts'
import { RAW_ADDRESS } from './voucher.ts'

const rawAddressSchema = z
  .string()
  .regex(RAW_ADDRESS, 'An address is written raw: 0: and 64 lower-case hex digits.')
const signatureSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{86}$/, 'A signature is 64 bytes in base64url, 86 characters.')

/** The terms of a contract that its payee does not know by itself. */
export const escrowTermsSchema = z.strictObject({
  owner: rawAddressSchema,
  /** Raw Ed25519 public key, hex. */
  session_key: z.string().regex(/^[0-9a-f]{64}$/),
  close_delay_seconds: z.int().min(0).max(0xffff_ffff),
  /** What the coordinator may take per UTC day without a voucher. */
  day_cap_nano: amountSchema,
  salt: z.int().min(0).max(0xffff_ffff),
})

/** `POST /v1/escrows`: an account pays from a contract of its own from now on. */
export const registerEscrowRequestSchema = z.strictObject({
  address: rawAddressSchema,
  terms: escrowTermsSchema,
  /** By the session key over `registrationText`, base64url. */
  signature: signatureSchema,
})
export type RegisterEscrowRequest = z.output<typeof registerEscrowRequestSchema>

/** `POST /v1/escrows/:address/vouchers`. */
export const voucherRequestSchema = z.strictObject({
  cumulative_nano: amountSchema,
  /** By the session key over `voucherBytes`, base64url. */
  signature: signatureSchema,
})
export type VoucherRequest = z.output<typeof voucherRequestSchema>

/** An escrow as its account sees it. */
export const escrowSchema = z.object({
  address: z.string(),
  session_key: z.string(),
  /** The highest sum that a voucher allows. */
  allowed_nano: amountTextSchema,
  /** What of it was collected, when the chain was last read. */
  collected_nano: amountTextSchema,
  created_at: unixSecondsSchema,
})
export type EscrowJson = z.infer<typeof escrowSchema>

/** `GET /v1/escrows`, the oldest first. */
export const escrowListSchema = z.object({ data: z.array(escrowSchema) })
