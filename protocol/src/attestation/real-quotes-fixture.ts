import { type Bytes, fromHex, toCanonicalBase64Url } from '../bytes.ts'
import { PINNED_ROOTS } from './roots.ts'
import { type TdxCollateral, tdxCollateralSchema } from './tdx/collateral.ts'
import { proveTdx } from './tdx/prove-tdx.ts'
import { readVector, readVectorText } from './vectors-fixture.ts'
import { startStepLog } from './verification-document.ts'
import { makePolicy, makeStatement } from './verification-fixture.ts'

/** Collateral as Phala's files have it. */
export function readCollateral(name: string) {
  const file: Record<string, string> = JSON.parse(readVectorText(`tdx/${name}.collateral.json`))
  const list = (hex: string | undefined) => toCanonicalBase64Url(fromHex(hex ?? '') ?? new Uint8Array())
  return tdxCollateralSchema.parse({
    rootCrl: list(file.root_ca_crl),
    pckCrl: list(file.pck_crl),
    tcbInfo: file.tcb_info,
    tcbInfoSignature: file.tcb_info_signature,
    tcbInfoChain: file.tcb_info_issuer_chain,
    qeIdentity: file.qe_identity,
    qeIdentitySignature: file.qe_identity_signature,
    qeIdentityChain: file.qe_identity_issuer_chain,
  })
}

/**
 * What steps 3 to 9 say of a real quote under Intel's root: a reason, or the statuses that passed. Step 10 is left out:
 * no policy of ours lists somebody else's image.
 */
export async function judge(quoteBytes: Bytes, collateral: TdxCollateral, at: string): Promise<string> {
  const policy = await makePolicy({ policy: { minTcbEvaluationNumber: 17 } })
  const log = startStepLog()
  const subject = { quoteBytes, collateral, statement: await makeStatement(), eventLog: [] }
  await proveTdx(log, subject, { roots: PINNED_ROOTS, policy, nowMs: Date.parse(at) })
  const reason = log.reason()
  const tcb = log.reports().find((report) => report.name === 'tcb')
  return reason === 'hardware-profile' ? String(tcb?.inputs.statuses) : (reason ?? 'no reason')
}

/** The same of files by name. */
export function judgeFiles(quote: string, collateral: string, at: string): Promise<string> {
  return judge(readQuote(quote), readCollateral(collateral), at)
}

/** A real quote, in bytes or in hex. */
export function readQuote(quote: string): Bytes {
  if (!quote.endsWith('.hex')) return readVector(`tdx/${quote}`)
  return fromHex(readVectorText(`tdx/${quote}`).trim().replace(/^0x/, '')) ?? new Uint8Array()
}
