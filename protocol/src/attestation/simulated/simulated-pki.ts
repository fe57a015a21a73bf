import type { Bytes } from '../../bytes.ts'
import { fromKnownHex, integer, octets, oid, sequence, writeDer } from '../der/der-writer.ts'
import { SIMULATED_NAMES } from '../roots.ts'
import { sha256Of } from '../signatures.ts'
import { makeSigningKey, type SigningKey } from './signing-keys.ts'
import { type CertificatePlan, writeCertificate } from './write-certificate.ts'

/** A key with its certificate. */
export type Identity = {
  readonly name: string
  readonly serial: number
  readonly key: SigningKey
  readonly certificate: Bytes
}

/** A public key infrastructure like Intel's, with names of its own and a root that nobody trusts. */
export type SimulatedPki = {
  readonly root: Identity
  readonly authority: Identity
  readonly pck: Identity
  readonly tcbSigner: Identity
  /** SHA-256 of the root certificate's DER, hex. */
  readonly rootDigest: string
}

/** Serial numbers of the simulation. */
export const SERIALS = { root: 1, authority: 2, pck: 3, tcbSigner: 4 } as const
/** `SIM` and zeros: no processor of Intel's is of this kind. */
export const SIMULATED_FMSPC = '53494d000000'
/** Each component's version, and that of the provisioning enclave. */
export const SIMULATED_SVN = { component: 5, pce: 11 } as const

const SGX = '1.2.840.113741.1.13.1'
const YEAR_MS = 365 * 86_400_000

/** How long the simulation's certificates hold around a moment. */
export function simulatedValidity(nowMs: number): Pick<CertificatePlan, 'notBeforeMs' | 'notAfterMs'> {
  const second = Math.floor(nowMs / 1000) * 1000
  return { notBeforeMs: second - YEAR_MS, notAfterMs: second + YEAR_MS }
}

/** Makes keys and certificates. */
export async function makeSimulatedPki(nowMs: number): Promise<SimulatedPki> {
  const { root: rootName, authorities, pck: pckName, tcbSigner: tcbName } = SIMULATED_NAMES
  const [authorityName] = authorities
  const makeIdentity = identityMaker(nowMs)
  const root = await makeIdentity({
    subject: rootName,
    serial: SERIALS.root,
    isAuthority: true,
    pathLength: 1,
  })
  const authority = await makeIdentity({
    subject: authorityName,
    serial: SERIALS.authority,
    by: root,
    isAuthority: true,
    pathLength: 0,
  })
  const pck = await makeIdentity({
    subject: pckName,
    serial: SERIALS.pck,
    by: authority,
    isAuthority: false,
    extensions: [{ oid: SGX, value: pckExtension() }],
  })
  const tcbSigner = await makeIdentity({
    subject: tcbName,
    serial: SERIALS.tcbSigner,
    by: root,
    isAuthority: false,
  })
  return { root, authority, pck, tcbSigner, rootDigest: await sha256Of(root.certificate) }
}

/** Without an issuer (`by`) an identity issues itself. */
type IdentityPlan = Pick<
  CertificatePlan,
  'subject' | 'serial' | 'isAuthority' | 'pathLength' | 'extensions'
> & { readonly by?: Identity }

function identityMaker(nowMs: number): (plan: IdentityPlan) => Promise<Identity> {
  return async ({ by, ...plan }) => {
    const key = await makeSigningKey('ecdsa-sha256')
    const issuer = { issuer: by?.name ?? plan.subject, issuerKey: by?.key ?? key }
    const certificate = await writeCertificate({ ...simulatedValidity(nowMs), ...plan, ...issuer, key })
    return { name: plan.subject, serial: plan.serial, key, certificate }
  }
}

/** The SGX extension of a platform certificate. */
export function pckExtension(): Bytes {
  const { component, pce } = SIMULATED_SVN
  const tcb = Array.from({ length: 16 }, (_, index) =>
    sequence(oid(`${SGX}.2.${index + 1}`), integer(component)),
  )
  return sequence(
    sequence(oid(`${SGX}.1`), octets(new Uint8Array(16).fill(0x51))),
    sequence(
      oid(`${SGX}.2`),
      sequence(
        ...tcb,
        sequence(oid(`${SGX}.2.17`), integer(pce)),
        sequence(oid(`${SGX}.2.18`), octets(new Uint8Array(16).fill(component))),
      ),
    ),
    sequence(oid(`${SGX}.3`), octets(fromKnownHex('0000'))),
    sequence(oid(`${SGX}.4`), octets(fromKnownHex(SIMULATED_FMSPC))),
    sequence(oid(`${SGX}.5`), writeDer(0x0a, new Uint8Array([1]))),
  )
}
