import type * as z from 'zod/mini'
import { fromHex, utf8 } from '../../bytes.ts'
import { chainEndMs, findChainFault, parseChain } from '../der/certificate-chain.ts'
import type { RevocationList } from '../der/revocation-list.ts'
import { findRevokedBy } from '../hardware.ts'
import type { Policy } from '../policy/policy.ts'
import { readStrictText } from '../read-strict.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import type { TrustRoots } from '../roots.ts'
import { verifySignature } from '../signatures.ts'
import {
  type QeIdentity,
  qeIdentitySchema,
  type TcbInfo,
  type TdxCollateral,
  tcbInfoSchema,
} from './collateral.ts'

/** By what collateral is judged. */
export type CollateralRules = {
  readonly intel: TrustRoots['intel']
  readonly lists: readonly RevocationList[]
  readonly policy: Policy
  readonly nowMs: number
}

/** The two documents, and until when both of them and their signers hold. */
export type Collateral = {
  readonly tcbInfo: TcbInfo
  readonly qeIdentity: QeIdentity
  readonly untilMs: number
}

type SignedDocument<T> = {
  readonly kind: 'tcb-info' | 'qe-identity'
  readonly schema: z.ZodMiniType<T>
  readonly text: string
  readonly signatureHex: string
  readonly chainPem: string
}

type Dated = {
  readonly issueDate: number
  readonly nextUpdate: number
  readonly tcbEvaluationDataNumber: number
}

/** Checks that TCB info and QE identity are signed by Intel's TCB signer, in date, and recent enough. */
export async function checkCollateral(
  collateral: TdxCollateral,
  rules: CollateralRules,
): Promise<Checked<Collateral>> {
  const tcbInfo = await checkDocument(
    {
      kind: 'tcb-info',
      schema: tcbInfoSchema,
      text: collateral.tcbInfo,
      signatureHex: collateral.tcbInfoSignature,
      chainPem: collateral.tcbInfoChain,
    },
    rules,
  )
  if (!tcbInfo.ok) return tcbInfo
  const qeIdentity = await checkDocument(
    {
      kind: 'qe-identity',
      schema: qeIdentitySchema,
      text: collateral.qeIdentity,
      signatureHex: collateral.qeIdentitySignature,
      chainPem: collateral.qeIdentityChain,
    },
    rules,
  )
  if (!qeIdentity.ok) return qeIdentity
  return accept(
    {
      tcbInfo: tcbInfo.value.document,
      qeIdentity: qeIdentity.value.document,
      untilMs: Math.min(tcbInfo.value.untilMs, qeIdentity.value.untilMs),
    },
    { ...tcbInfo.inputs, qeIdentityUntil: qeIdentity.inputs.until ?? '' },
  )
}

async function checkDocument<T extends Dated>(
  signed: SignedDocument<T>,
  rules: CollateralRules,
): Promise<Checked<{ readonly document: T; readonly untilMs: number }>> {
  const { kind } = signed
  const chain = parseChain(signed.chainPem)
  if (!chain) return refuse(`${kind}-chain`, { fault: 'chain-malformed' })
  const { names, root } = rules.intel
  const chainRules = { rootDigest: root, length: 2, names: [[names.tcbSigner], [names.root]] }
  const fault = await findChainFault(chain, chainRules, rules.nowMs)
  if (fault) return refuse(`${kind}-chain`, { fault })
  if (await findRevokedBy(chain, rules.lists, rules.policy))
    return refuse(`${kind}-chain`, { fault: 'certificate-revoked' })
  const signature = fromHex(signed.signatureHex)
  const signer = chain[0]?.key
  if (
    !signature ||
    !signer ||
    !(await verifySignature(signer, 'ecdsa-sha256', signature, utf8(signed.text)))
  ) {
    return refuse(`${kind}-signature`)
  }
  const document = readStrictText(signed.schema, signed.text)
  if (!document) return refuse(`${kind}-malformed`)
  // An older number hides later discoveries.
  const minEvaluationNumber = rules.policy.minTcbEvaluationNumber
  const inputs = {
    from: new Date(document.issueDate).toISOString(),
    until: new Date(document.nextUpdate).toISOString(),
    evaluationNumber: document.tcbEvaluationDataNumber,
    minEvaluationNumber,
  }
  if (!(rules.nowMs >= document.issueDate)) return refuse(`${kind}-not-yet-valid`, inputs)
  if (!(rules.nowMs <= document.nextUpdate)) return refuse(`${kind}-expired`, inputs)
  if (document.tcbEvaluationDataNumber < minEvaluationNumber) return refuse(`${kind}-rolled-back`, inputs)
  return accept({ document, untilMs: Math.min(document.nextUpdate, chainEndMs(chain)) }, inputs)
}
