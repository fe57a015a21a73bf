import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { findReceiptFault } from '../../../protocol/src/receipt.ts'
import { inputHash, outputHash } from '../../../protocol/src/receipt-hashes.ts'
import { offerContent } from '../../../protocol/src/runner/down.ts'
import { findSealedReceiptFault } from '../../../protocol/src/sealed/sealed-receipt.ts'
import type { Attempt, LiveJob } from './live-job.ts'

/** Compares what a runner signed with what came over its link; undefined when it holds, or when there is none. */
export async function findFault({ job }: LiveJob, attempt: Attempt): Promise<string | undefined> {
  const { number, receipt, offer, pieces, sealed } = attempt
  if (!receipt) return undefined
  const { jobId } = job
  if (job.kind === 'sealed') {
    if (receipt.version !== 2 || !sealed) return 'wrong-version'
    const { key } = sealed
    const { len_bucket, max_out_bucket, model_manifest } = job.header
    return findSealedReceiptFault(receipt, {
      jobId,
      attempt: number,
      runnerId: key.runnerId,
      evidenceDigest: key.evidenceDigest,
      manifestDigest: model_manifest,
      inputHash: job.requestHash,
      // The last chunk holds this receipt, and so cannot be named in it.
      outputHash: await outputHash(jobId, number, pieces.slice(0, -1)),
      price: offer.price,
      tokensMax: { prompt: len_bucket, completion: Math.min(max_out_bucket, attempt.deliveredTokens) },
      signingKey: fromBase64Url(key.signingKey) ?? new Uint8Array(),
    })
  }
  if (receipt.version !== 1 || offer.kind === 'sealed') return 'wrong-version'
  return findReceiptFault(receipt, {
    jobId,
    attempt: number,
    runnerId: attempt.runnerId,
    publicKey: fromBase64Url(attempt.publicKey) ?? new Uint8Array(),
    manifestDigest: attempt.manifestDigest,
    inputHash: await inputHash(offerContent(offer)),
    outputHash: await outputHash(jobId, number, pieces),
    price: offer.price,
  })
}
