import type { Bytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import type { Certificate } from '../der/certificate.ts'
import { childrenOf, type Der, integerOf, octetsOf, oidOf, readSequence, TAG } from '../der/der.ts'

/** What a PCK certificate says of its platform (Intel SGX PCK certificate and CRL profile, 1.3.5). */
export type PckPlatform = {
  /** Names one platform for its whole life. 16 bytes. */
  readonly ppid: Bytes
  readonly fmspc: string
  readonly pceid: string
  /** Security versions of the 16 components, then of the provisioning enclave. */
  readonly components: readonly number[]
  readonly pceSvn: number
}

const SGX = '1.2.840.113741.1.13.1'
const COMPONENTS = 16

/** Reads the SGX extension of a PCK certificate; undefined where a part is missing, or there twice. */
export function readPckPlatform(certificate: Certificate): PckPlatform | undefined {
  const fields = membersOf(readSequence(certificate.extensions.get(SGX)), SGX)
  const tcb = membersOf(childrenOf(fields?.get('2'), TAG.sequence), `${SGX}.2`)
  const ppid = octetsOf(fields?.get('1'))
  const pceid = octetsOf(fields?.get('3'))
  const fmspc = octetsOf(fields?.get('4'))
  const pceSvn = integerOf(tcb?.get('17'))
  const components = Array.from({ length: COMPONENTS }, (_, index) => integerOf(tcb?.get(`${index + 1}`)))
  if (ppid?.length !== 16 || pceid?.length !== 2 || fmspc?.length !== 6 || pceSvn === undefined)
    return undefined
  if (!areSvns(components)) return undefined
  return { ppid, pceid: toHex(pceid), fmspc: toHex(fmspc), pceSvn, components }
}

function areSvns(numbers: readonly (number | undefined)[]): numbers is readonly number[] {
  return numbers.every((number) => number !== undefined && number < 256)
}

/** Values by what their identifiers have after a prefix. */
function membersOf(list: readonly Der[] | undefined, prefix: string): ReadonlyMap<string, Der> | undefined {
  const members = new Map<string, Der>()
  for (const item of list ?? []) {
    const [id, value, ...more] = childrenOf(item, TAG.sequence) ?? []
    const oid = oidOf(id)
    if (!oid?.startsWith(`${prefix}.`) || !value || more.length > 0) return undefined
    const name = oid.slice(prefix.length + 1)
    if (members.has(name)) return undefined
    members.set(name, value)
  }
  return members
}
