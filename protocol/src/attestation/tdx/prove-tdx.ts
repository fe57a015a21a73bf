import type { Certificate } from '../der/certificate.ts'
import { chainEndMs, findChainFault, parseChain } from '../der/certificate-chain.ts'
import type { RevocationList } from '../der/revocation-list.ts'
import {
  checkCarriedList,
  findRevokedBy,
  type HardwareRules,
  type HardwareSubject,
  type ProvenHardware,
} from '../hardware.ts'
import { platformIdOf } from '../policy/binding.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import type { StepLog } from '../verification-document.ts'
import { checkCollateral } from './check-collateral.ts'
import { checkDomain } from './check-domain.ts'
import { checkTdxMeasurements } from './check-measurements.ts'
import { checkQuoteSignatures } from './check-signatures.ts'
import { checkTcb } from './check-tcb.ts'
import type { TdxCollateral } from './collateral.ts'
import { type PckPlatform, readPckPlatform } from './pck-extension.ts'
import { parseTdxQuote, type TdxQuote } from './quote.ts'

/** Runs steps 3 to 10 on a TDX quote. Gives undefined as soon as one refuses. */
export async function proveTdx(
  log: StepLog,
  subject: HardwareSubject<TdxCollateral>,
  rules: HardwareRules,
): Promise<ProvenHardware | undefined> {
  const { policy, nowMs } = rules
  const quote = await log.run('quote', () => parseTdxQuote(subject.quoteBytes))
  const chain = quote && (await log.run('chain', () => checkPckChain(quote, rules)))
  const lists = chain && (await log.run('revocation', () => checkLists(subject.collateral, chain, rules)))
  if (!quote || !chain || !lists) return undefined
  const collateralRules = { intel: rules.roots.intel, lists: lists.lists, policy, nowMs }
  const collateral = await log.run('collateral', () => checkCollateral(subject.collateral, collateralRules))
  if (!collateral) return undefined
  const enclave = await log.run('signature', () =>
    checkQuoteSignatures(quote, chain.leaf.key, collateral.qeIdentity),
  )
  if (!enclave) return undefined
  const { td } = quote
  const tcb = await log.run('tcb', () =>
    checkTcb({ platform: chain.platform, td, enclave }, collateral, policy.allowedTcb, nowMs),
  )
  if (!tcb || !(await log.run('attributes', () => checkDomain(td)))) return undefined
  const measured = await log.run('measurements', () =>
    checkTdxMeasurements(td, subject.statement, subject.eventLog, policy),
  )
  if (!measured) return undefined
  return {
    reportData: td.reportData,
    platformId: await platformIdOf(chain.platform.ppid),
    untilMs: Math.min(chain.untilMs, lists.untilMs, collateral.untilMs, tcb.untilMs),
  }
}

type PckChain = {
  readonly certificates: readonly Certificate[]
  readonly leaf: Certificate
  readonly authority: Certificate
  readonly root: Certificate
  readonly platform: PckPlatform
  readonly untilMs: number
}

async function checkPckChain(quote: TdxQuote, { roots, nowMs }: HardwareRules): Promise<Checked<PckChain>> {
  const certificates = parseChain(quote.chainPem)
  if (!certificates) return refuse('chain-malformed')
  const { root: rootDigest, names } = roots.intel
  const rules = { rootDigest, length: 3, names: [[names.pck], names.authorities, [names.root]] }
  const [leaf, authority, root] = certificates
  const inputs = { certificates: certificates.length, leaf: leaf?.serial ?? '', root: rootDigest }
  const fault = await findChainFault(certificates, rules, nowMs)
  if (fault || !leaf || !authority || !root) return refuse(fault ?? 'chain-length', inputs)
  const platform = readPckPlatform(leaf)
  if (!platform) return refuse('pck-extension', inputs)
  const untilMs = chainEndMs(certificates)
  return accept({ certificates, leaf, authority, root, platform, untilMs }, inputs)
}

type Lists = { readonly lists: readonly RevocationList[]; readonly untilMs: number }

async function checkLists(
  collateral: TdxCollateral,
  chain: PckChain,
  rules: HardwareRules,
): Promise<Checked<Lists>> {
  const ofRoot = await checkCarriedList(collateral.rootCrl, chain.root, rules.nowMs)
  if (!ofRoot.ok) return ofRoot
  const ofAuthority = await checkCarriedList(collateral.pckCrl, chain.authority, rules.nowMs)
  if (!ofAuthority.ok) return ofAuthority
  const lists = [ofRoot.value, ofAuthority.value]
  const untilMs = Math.min(...lists.map((list) => list.nextUpdateMs))
  const inputs = { until: new Date(untilMs).toISOString() }
  const revoked = await findRevokedBy(chain.certificates, lists, rules.policy)
  if (revoked) return refuse('certificate-revoked', { ...inputs, serial: revoked.serial })
  return accept({ lists, untilMs }, inputs)
}
