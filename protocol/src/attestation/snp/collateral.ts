import * as z from 'zod/mini'
import { base64UrlText } from '../fields.ts'

/** What comes with a SEV-SNP report from AMD's key server: PEM of the chip's key, ASK and ARK, and the ARK's list (DER). */
export const snpCollateralSchema = z.strictObject({
  chain: z.string().check(z.maxLength(16_384)),
  crl: base64UrlText(65_536),
})
export type SnpCollateral = z.infer<typeof snpCollateralSchema>
