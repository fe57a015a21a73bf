import type { AnyReceipt } from '../answer.ts'
import type { VerificationDocument } from '../attestation/verification-document.ts'
import type { AcceptedEvidence } from '../attestation/verify-evidence.ts'
import type { ReceiptDayDocument } from './day-document.ts'
import type { ReceiptProof } from './receipt-proof.ts'

/** What the caller itself knows of the job. Absent parts are not checked; with none of them the step stays `unknown`. */
export type KnownOfJob = {
  readonly jobId?: string
  readonly attempt?: number
  /** The runner whom the caller sealed to, or who answered. */
  readonly runnerId?: string
  readonly manifestDigest?: string
  readonly inputHash?: string
  readonly outputHash?: string
  /** Nano per 1,000,000 tokens, as it was shown. */
  readonly price?: { readonly input: number; readonly output: number }
}

/** What the job cost, with everything that explains it. */
export type ChargeOfJob = {
  /** Nano as decimal text: `charge_nano` of `GET /v1/jobs/:id`. */
  readonly nano: string
  /** What the job says it delivered, over all parts. */
  readonly completionTokens: number
  /** All receipts of the job, this one among them. */
  readonly receipts: readonly AnyReceipt[]
}

/** What a chain says of a day's root: the comment of the transaction that the network names. */
export type NoteOnChain = { readonly transactionId: string; readonly comment: string }

/** A receipt, as it came, and what there is to check it with. Everything but the receipt may be missing. */
export type ReceiptToVerify = {
  readonly receipt: unknown
  /** Raw Ed25519 of the runner, base64url: `runner_keys` of `GET /v1/jobs/:id`. In a TEE the evidence's key is taken. */
  readonly runnerKey?: string
  /** What the caller's own `verifyEvidence` said of the evidence that the receipt names, when the job was sealed or now. */
  readonly evidence?: { readonly document: VerificationDocument; readonly accepted?: AcceptedEvidence }
  /** `digest` of the paired runner's announcement that the caller checked (`checkPairedKeys`). */
  readonly pairedDigest?: string
  readonly known?: KnownOfJob
  readonly charge?: ChargeOfJob
  /** The body of `GET /v1/jobs/:id/proof`, or from when on it can be asked for. */
  readonly proof?: ReceiptProof | { readonly readyAtMs: number }
  /**
   * The day's document where the caller has it from elsewhere than the proof (`GET /v1/receipts/days/:day`): then the
   * receipt must be in this one.
   */
  readonly day?: ReceiptDayDocument
  /** Whose signature the caller expects under the day, hex: the signer of the directory. */
  readonly signer?: string
  /** `none`: the network names no transaction yet. Absent: the caller did not look. */
  readonly note?: NoteOnChain | 'none'
}
