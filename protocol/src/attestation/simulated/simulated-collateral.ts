import { toCanonicalBase64Url } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import type { TdxCollateral } from '../tdx/collateral.ts'
import { signText } from './signing-keys.ts'
import { SIMULATED_FMSPC, SIMULATED_SVN, type SimulatedPki } from './simulated-pki.ts'
import { writePem, writeRevocationList } from './write-certificate.ts'

/** What Intel's service would say. Every part can be another one, to see that it is refused. */
export type CollateralPlan = {
  readonly nowMs: number
  readonly evaluationNumber?: number
  readonly fmspc?: string
  readonly pceId?: string
  readonly status?: string
  readonly advisories?: readonly string[]
  readonly component?: number
  readonly moduleSigner?: string
  readonly revokedByRoot?: readonly number[]
  readonly revokedByAuthority?: readonly number[]
}

/** The quoting enclave of the simulation. */
export const SIMULATED_QE = { signer: '53'.repeat(32), product: 2, svn: 4 } as const
/** Highest evaluation number that the simulation states. */
export const SIMULATED_EVALUATION_NUMBER = 17
/** Minor and major version of the TDX module, then the components: TEE_TCB_SVN. */
export const SIMULATED_TEE_SVN = { minor: 3, major: 1, component: 1 } as const

const DAY_MS = 86_400_000

/** A moment as Intel writes it. */
function momentText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`
}

/** Writes TCB info. */
export function simulatedTcbInfo(plan: CollateralPlan): string {
  const components = (value: number) => Array.from({ length: 16 }, () => ({ svn: value }))
  const module = {
    mrsigner: plan.moduleSigner ?? '00'.repeat(48),
    attributes: '00'.repeat(8),
    attributesMask: 'FF'.repeat(8),
  }
  const status = { tcbDate: momentText(plan.nowMs - 90 * DAY_MS), tcbStatus: 'UpToDate' }
  return JSON.stringify({
    id: 'TDX',
    version: 3,
    issueDate: momentText(plan.nowMs - DAY_MS),
    nextUpdate: momentText(plan.nowMs + 29 * DAY_MS),
    fmspc: (plan.fmspc ?? SIMULATED_FMSPC).toUpperCase(),
    pceId: plan.pceId ?? '0000',
    tcbType: 0,
    tcbEvaluationDataNumber: plan.evaluationNumber ?? SIMULATED_EVALUATION_NUMBER,
    tdxModule: module,
    tdxModuleIdentities: [
      {
        id: 'TDX_01',
        ...module,
        tcbLevels: [{ tcb: { isvsvn: SIMULATED_TEE_SVN.minor }, ...status }],
      },
    ],
    tcbLevels: [
      {
        tcb: {
          sgxtcbcomponents: components(plan.component ?? SIMULATED_SVN.component),
          pcesvn: SIMULATED_SVN.pce,
          tdxtcbcomponents: components(SIMULATED_TEE_SVN.component),
        },
        ...status,
        tcbStatus: plan.status ?? 'UpToDate',
        ...(plan.advisories && { advisoryIDs: plan.advisories }),
      },
    ],
  })
}

/** Writes the identity of the quoting enclave. */
export function simulatedQeIdentity(plan: CollateralPlan): string {
  return JSON.stringify({
    id: 'TD_QE',
    version: 2,
    issueDate: momentText(plan.nowMs - DAY_MS),
    nextUpdate: momentText(plan.nowMs + 29 * DAY_MS),
    tcbEvaluationDataNumber: plan.evaluationNumber ?? SIMULATED_EVALUATION_NUMBER,
    miscselect: '00000000',
    miscselectMask: 'FFFFFFFF',
    attributes: '11000000000000000000000000000000',
    attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
    mrsigner: SIMULATED_QE.signer.toUpperCase(),
    isvprodid: SIMULATED_QE.product,
    tcbLevels: [
      {
        tcb: { isvsvn: SIMULATED_QE.svn },
        tcbDate: momentText(plan.nowMs - 90 * DAY_MS),
        tcbStatus: 'UpToDate',
      },
    ],
  })
}

/** Writes and signs the collateral of the simulated platform. */
export async function simulateCollateral(pki: SimulatedPki, plan: CollateralPlan): Promise<TdxCollateral> {
  const { root, authority, tcbSigner } = pki
  const chain = writePem([tcbSigner.certificate, root.certificate])
  const tcbInfo = simulatedTcbInfo(plan)
  const qeIdentity = simulatedQeIdentity(plan)
  const list = async (issuer: typeof root, revoked: readonly number[]) =>
    toCanonicalBase64Url(
      await writeRevocationList({ ...listDates(plan.nowMs), ...issuerOf(issuer), revoked }),
    )
  return {
    rootCrl: await list(root, plan.revokedByRoot ?? []),
    // A number that is nobody's, so that the list is not empty.
    pckCrl: await list(authority, plan.revokedByAuthority ?? [99]),
    tcbInfo,
    tcbInfoSignature: toHex(await signText(tcbSigner.key, tcbInfo)),
    tcbInfoChain: chain,
    qeIdentity,
    qeIdentitySignature: toHex(await signText(tcbSigner.key, qeIdentity)),
    qeIdentityChain: chain,
  }
}

/** Who issues a list. */
export function issuerOf(issuer: SimulatedPki['root']) {
  return { issuer: issuer.name, issuerKey: issuer.key }
}

/** The dates of a list that holds now. */
export function listDates(nowMs: number) {
  const second = Math.floor(nowMs / 1000) * 1000
  return { thisUpdateMs: second - DAY_MS, nextUpdateMs: second + 29 * DAY_MS }
}
