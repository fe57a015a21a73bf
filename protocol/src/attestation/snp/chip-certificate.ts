import { type Bytes, isZero, readUtf8, sameBytes } from '../../bytes.ts'
import type { Certificate } from '../der/certificate.ts'
import { integerOf, readDer, TAG } from '../der/der.ts'
import type { SnpTcb } from '../policy/policy.ts'
import type { SnpProduct } from '../roots.ts'
import type { SnpReport } from './report.ts'

/** What AMD writes into the certificate of a chip's key (AMD 57230, "VCEK certificate extensions"). */
export type ChipCertificate = {
  readonly product: SnpProduct
  readonly tcb: SnpTcb
  /** 64 bytes on Genoa, 8 on Turin. */
  readonly hardwareId: Bytes
}

const AMD = '1.3.6.1.4.1.3704.1'
const OID = {
  product: `${AMD}.2`,
  bootloader: `${AMD}.3.1`,
  tee: `${AMD}.3.2`,
  snp: `${AMD}.3.3`,
  microcode: `${AMD}.3.8`,
  fmc: `${AMD}.3.9`,
  hardwareId: `${AMD}.4`,
} as const
const HARDWARE_ID_BYTES = { genoa: 64, turin: 8 } as const

/** The product that a certificate names, such as `Milan-B0`; undefined where it names none. */
export function productNameOf(certificate: Certificate): string | undefined {
  const value = certificate.extensions.get(OID.product)
  const name = value && readDer(value)
  return name?.tag === TAG.ia5String ? readUtf8(name.value) : undefined
}

/** The product that is judged by these rules; undefined for every other, Milan first of all. */
export function productOf(name: string | undefined): SnpProduct | undefined {
  const family = name?.split('-')[0]
  return family === 'Genoa' ? 'genoa' : family === 'Turin' ? 'turin' : undefined
}

/** Reads a chip's certificate; undefined where a part is missing. */
export function readChipCertificate(certificate: Certificate): ChipCertificate | undefined {
  const product = productOf(productNameOf(certificate))
  const number = (oid: string): number | undefined => {
    const value = certificate.extensions.get(oid)
    const read = value && integerOf(readDer(value))
    return read !== undefined && read < 256 ? read : undefined
  }
  const fmc = product === 'turin' ? number(OID.fmc) : 0
  const bootloader = number(OID.bootloader)
  const tee = number(OID.tee)
  const snp = number(OID.snp)
  const microcode = number(OID.microcode)
  // AMD writes this one without a tag of its own.
  const hardwareId = certificate.extensions.get(OID.hardwareId)
  if (!product || hardwareId?.length !== HARDWARE_ID_BYTES[product]) return undefined
  if (fmc === undefined || bootloader === undefined || tee === undefined) return undefined
  if (snp === undefined || microcode === undefined) return undefined
  return { product, tcb: { fmc, bootloader, tee, snp, microcode }, hardwareId }
}

/** Reads a TCB version; undefined where a reserved byte is set. Turin has one part more, and another order. */
export function readTcb(bytes: Bytes, product: SnpProduct): SnpTcb | undefined {
  const at = (index: number) => bytes[index] ?? 0
  if (product === 'turin') {
    if (!isZero(bytes.subarray(4, 7))) return undefined
    return { fmc: at(0), bootloader: at(1), tee: at(2), snp: at(3), microcode: at(7) }
  }
  if (!isZero(bytes.subarray(2, 6))) return undefined
  return { fmc: 0, bootloader: at(0), tee: at(1), snp: at(6), microcode: at(7) }
}

/** Whether no part of a version is older than the other's. */
export function isAtLeast(tcb: SnpTcb, least: SnpTcb): boolean {
  return (
    tcb.fmc >= least.fmc &&
    tcb.bootloader >= least.bootloader &&
    tcb.tee >= least.tee &&
    tcb.snp >= least.snp &&
    tcb.microcode >= least.microcode
  )
}

/** Whether a report comes from the chip that a certificate names: its id, and nothing after it on Turin. */
export function isSameChip(report: SnpReport, chip: ChipCertificate): boolean {
  const { length } = chip.hardwareId
  return (
    sameBytes(report.chipId.subarray(0, length), chip.hardwareId) && isZero(report.chipId.subarray(length))
  )
}

/** Whether the processor that a report names is of the product. Version 2 names none: the chain alone says it. */
export function isCpuOf(product: SnpProduct, cpu: SnpReport['cpu']): boolean {
  if (!cpu) return product === 'genoa'
  // Genoa's certificates serve Bergamo and Siena (models A0 to AF) as well.
  const isZen4 = cpu.family === 0x19 && ((cpu.model & 0xf0) === 0x10 || (cpu.model & 0xf0) === 0xa0)
  const isZen5 = cpu.family === 0x1a && cpu.model <= 0x11
  return product === 'genoa' ? isZen4 : isZen5
}
