import type { AnyReceipt } from '../answer.ts'
import { receiptSchema } from '../receipt.ts'
import { sealedReceiptSchema } from '../sealed/sealed-receipt.ts'

/** Reads a receipt of an open job, or of a sealed one; undefined where it is neither. */
export function readAnyReceipt(value: unknown): AnyReceipt | undefined {
  return receiptSchema.safeParse(value).data ?? sealedReceiptSchema.safeParse(value).data
}
