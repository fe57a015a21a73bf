import type { Bytes } from '../../bytes.ts'
import type { Certificate } from '../der/certificate.ts'
import { childrenOf, type Der, octetsOf, oidOf, readSequence, TAG } from '../der/der.ts'

/** TCG DICE: Hopper writes a composite device id, Blackwell a TCB info whose first firmware id counts. */
const COMPOSITE_DEVICE_ID = '2.23.133.5.4.1'
const TCB_INFO = '2.23.133.5.4.1.1'
const FIRMWARE_IDS_TAG = 0xa6
const SHA_384 = '2.16.840.1.101.3.4.2.2'

/** The digest of the firmware that a GPU's leaf certificate was made for; undefined where it names none. */
export function firmwareIdOf(certificate: Certificate): Bytes | undefined {
  const device = readSequence(certificate.extensions.get(COMPOSITE_DEVICE_ID))
  if (device) return readFirmwareId(device[2])
  const info = readSequence(certificate.extensions.get(TCB_INFO))
  const ids = info?.find((field) => field.tag === FIRMWARE_IDS_TAG)
  return readFirmwareId(childrenOf(ids, FIRMWARE_IDS_TAG)?.[0])
}

function readFirmwareId(element: Der | undefined): Bytes | undefined {
  const [algorithm, digest] = childrenOf(element, TAG.sequence) ?? []
  const bytes = octetsOf(digest)
  return oidOf(algorithm) === SHA_384 && bytes?.length === 48 ? bytes : undefined
}
