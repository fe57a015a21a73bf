import { createRequire } from 'node:module'
import type { Collateral, QuoteVerifier } from '@phala/dcap-qvl'
import { type Bytes, fromCanonicalBase64Url, readUtf8 } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { evidenceSchema } from './evidence.ts'
import type { TdxCollateral } from './tdx/collateral.ts'
import type { VerificationRequest } from './verify-evidence.ts'

// Another project's verifier of TDX quotes, for comparison alone: it decides nothing here.

type DcapQvl = { readonly QuoteVerifier: typeof QuoteVerifier }
const load = createRequire(import.meta.url)
const NAME = '@phala/dcap-qvl'

/** As it runs in Node. */
export function loadOracle(): DcapQvl {
  return load(NAME)
}

/** As it runs in a browser, where it has no X.509 of the runtime's: it looks for a window when it is loaded. */
export function loadBrowserOracle(): DcapQvl {
  const forget = () => {
    for (const path of Object.keys(load.cache)) if (path.includes(NAME)) delete load.cache[path]
  }
  forget()
  Reflect.set(globalThis, 'window', globalThis)
  try {
    return load(NAME)
  } finally {
    Reflect.deleteProperty(globalThis, 'window')
    forget()
  }
}

/** What the other verifier says: the status that it accepts, or the words with which it refuses. */
export function askOracle(
  { QuoteVerifier }: DcapQvl,
  subject: {
    readonly quote: Uint8Array
    readonly collateral: TdxCollateral
    readonly nowMs: number
    /** Its own pin of Intel's root, where this is absent. */
    readonly root?: Uint8Array
  },
): { readonly accepts: string } | { readonly refuses: string } {
  const { quote, collateral, nowMs, root } = subject
  const verifier = root ? QuoteVerifier.newWithRootCa(Buffer.from(root)) : QuoteVerifier.newProd()
  try {
    return { accepts: verifier.verify(Buffer.from(quote), asTheirs(collateral), nowMs / 1000).status }
  } catch (error) {
    return { refuses: error instanceof Error ? error.message : String(error) }
  }
}

/** Collateral as the other project carries it. */
function asTheirs(collateral: TdxCollateral): Collateral {
  const hexOf = (list: string) => toHex(fromCanonicalBase64Url(list) ?? new Uint8Array())
  return {
    pck_crl_issuer_chain: '',
    root_ca_crl: hexOf(collateral.rootCrl),
    pck_crl: hexOf(collateral.pckCrl),
    tcb_info_issuer_chain: collateral.tcbInfoChain,
    tcb_info: collateral.tcbInfo,
    tcb_info_signature: collateral.tcbInfoSignature,
    qe_identity_issuer_chain: collateral.qeIdentityChain,
    qe_identity: collateral.qeIdentity,
    qe_identity_signature: collateral.qeIdentitySignature,
  }
}

/** The parts of our TDX evidence that the other verifier reads. */
export function partsOf({ evidence, nowMs }: VerificationRequest): {
  readonly quote: Bytes
  readonly collateral: TdxCollateral
  readonly nowMs: number
} {
  const carried = evidenceSchema.parse(JSON.parse(readUtf8(evidence) ?? ''))
  const quote = fromCanonicalBase64Url(carried.quote)
  if (!quote || !('tcbInfo' in carried.collateral)) throw new Error('this is no TDX evidence')
  return { quote, collateral: carried.collateral, nowMs }
}
