import { toHex } from '../../canonical-json.ts'
import type { Certificate } from '../der/certificate.ts'
import { chainEndMs, findChainFault, parseChain } from '../der/certificate-chain.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import type { TrustRoots } from '../roots.ts'
import { sha256Of } from '../signatures.ts'
import { type ChipCertificate, productNameOf, productOf, readChipCertificate } from './chip-certificate.ts'

/** A chip's chain that ends in AMD's root. */
export type ChipChain = {
  readonly certificates: readonly Certificate[]
  readonly leaf: Certificate
  readonly root: Certificate
  readonly chip: ChipCertificate
  readonly untilMs: number
}

/**
 * Checks that a chip's key is AMD's: the product is one that is judged, ASK and ARK are the pinned ones of that
 * product, and the chain holds. Milan is refused by name, before anything of it is verified.
 */
export async function checkChipChain(
  pem: string,
  roots: TrustRoots['amd'],
  nowMs: number,
): Promise<Checked<ChipChain>> {
  const certificates = parseChain(pem)
  const [leaf, signer, root] = certificates ?? []
  if (!certificates || !leaf) return refuse('chain-malformed')
  const name = productNameOf(leaf)
  const product = productOf(name)
  if (!product) return refuse('snp-product', { product: name ?? '' })
  const inputs = { product, serial: leaf.serial }
  const { ark, ask } = roots.products[product]
  const fault = await findChainFault(certificates, { rootDigest: ark, length: 3 }, nowMs)
  if (fault) return refuse(fault, inputs)
  if (!signer || !root || (await sha256Of(signer.der)) !== ask) return refuse('chain-root', inputs)
  if (leaf.commonName !== roots.leafName) return refuse('chain-name', inputs)
  const chip = readChipCertificate(leaf)
  if (!chip || leaf.key.kind !== 'P-384') return refuse('chain-malformed', inputs)
  return accept(
    { certificates, leaf, root, chip, untilMs: chainEndMs(certificates) },
    { ...inputs, hardwareId: toHex(chip.hardwareId).slice(0, 16) },
  )
}
