import type { ReceiptHere } from '../../sealed/verify/check-receipt-here.ts'
import type { AnswerJob } from '../conversation.ts'
import type { JobRecord } from './read-job.ts'

/**
 * The receipts of a job that can be checked: those that this device took out of seals, and of an open job those that the
 * coordinator has on record.
 */
export function receiptsHere(
  job: AnswerJob,
  record: JobRecord | undefined,
): readonly (ReceiptHere & { readonly attempt: number })[] {
  if (job.sealed) {
    return job.sealed.map((part) => ({
      receipt: part.receipt,
      jobId: part.receipt.jobId,
      attempt: part.receipt.attempt,
      part,
      // A part that another runner went on with is a job of its own, with a record of its own.
      record: record?.id === part.receipt.jobId ? record : undefined,
    }))
  }
  if (!record) return []
  return record.receipts.map((receipt) => ({
    receipt,
    jobId: record.id,
    attempt: receipt.attempt,
    record,
  }))
}
