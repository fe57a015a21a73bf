import { Address, Cell, loadStateInit } from '@ton/core'
import { verifySignature } from './verify-signature.ts'

/** What a wallet showed, as TON Connect gives it. */
export type TonProof = {
  readonly address: string
  readonly network: string
  /** `walletStateInit`, base64. */
  readonly stateInit: string
  readonly proof: {
    /** Unix seconds. */
    readonly timestamp: number
    readonly domain: { readonly lengthBytes: number; readonly value: string }
    readonly payload: string
    readonly signature: string
  }
}

export type ProofFault =
  | 'malformed-proof'
  | 'wrong-network'
  | 'wrong-domain'
  | 'stale-proof'
  | 'future-proof'
  | 'wrong-workchain'
  | 'wrong-state-init'
  | 'unknown-wallet'
  | 'bad-signature'

export type CheckedProof =
  | {
      readonly ok: true
      /** Raw, `0:<64 hex>`. */
      readonly address: string
      /** What was signed. Whether it is one of our nonces is not known here. */
      readonly nonce: string
    }
  | { readonly ok: false; readonly reason: ProofFault }

export type ProofExpectation = {
  readonly network: string
  /** The host of the manifest's address. */
  readonly domain: string
  readonly nowMs: number
  /** Asks the chain for the key of a wallet whose code is not known here. Undefined when the chain has none. */
  readonly readPublicKey?: (address: string) => Promise<Uint8Array<ArrayBuffer> | undefined>
}

/** How old a proof may be, and how far a wallet's clock may run ahead of ours. */
export const PROOF_MAX_AGE_MS = 300_000
export const PROOF_MAX_AHEAD_MS = 60_000

/** Where the wallets' first data has the public key: bits before it, by the hash of the code. */
const KEY_OFFSETS: ReadonlyMap<string, number> = new Map([
  ['84dafa449f98a6987789ba232358072bc0f76dc4524002a5d0918b9a75d2d599', 64], // v3r2
  ['feb5ff6820e2ff0d9483e7e0d62c817d846789fb4ae580c878866d959dabd5c0', 64], // v4r2
  ['20834b7b72b112147e1b2fb457b84e74d1a30f04f737d4f62a668e9552d2b72f', 65], // v5r1
])
const KEY_BYTES = 32

/**
 * Checks a `ton_proof` (docs.ton.org, "TON Connect: signing and verification"): that the owner of the wallet's key signed
 * our domain and a nonce, just now. Whatever comes in, it answers and does not throw, except when `readPublicKey` does.
 */
export async function checkProof(input: TonProof, expected: ProofExpectation): Promise<CheckedProof> {
  const { proof, network } = input
  const fault = (reason: ProofFault) => ({ ok: false, reason }) as const
  if (network !== expected.network) return fault('wrong-network')
  const domainBytes = new TextEncoder().encode(proof.domain.value)
  if (proof.domain.value !== expected.domain || proof.domain.lengthBytes !== domainBytes.length) {
    return fault('wrong-domain')
  }
  if (!Number.isSafeInteger(proof.timestamp) || proof.timestamp < 0) return fault('malformed-proof')
  const ageMs = expected.nowMs - proof.timestamp * 1000
  if (ageMs > PROOF_MAX_AGE_MS) return fault('stale-proof')
  if (ageMs < -PROOF_MAX_AHEAD_MS) return fault('future-proof')

  const signature = readBase64(proof.signature)
  const address = readAddress(input.address)
  const init = readStateInit(input.stateInit)
  if (!address || !signature || !init) return fault('malformed-proof')
  if (address.workChain !== 0) return fault('wrong-workchain')
  if (init.hash !== address.hash.toString('hex')) return fault('wrong-state-init')

  const raw = address.toRawString()
  const publicKey = init.publicKey ?? (await expected.readPublicKey?.(raw))
  if (!publicKey) return fault('unknown-wallet')
  const signed = await proofDigest(address, domainBytes, proof.timestamp, proof.payload)
  const holds = await verifySignature(publicKey, signature, signed)
  return holds ? { ok: true, address: raw, nonce: proof.payload } : fault('bad-signature')
}

/** What the wallet signs: `sha256(0xffff ‖ "ton-connect" ‖ sha256(message))`. Numbers of the domain and the time are little-endian. */
export async function proofDigest(
  address: Address,
  domain: Uint8Array,
  timestampS: number,
  payload: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = (value: string) => new TextEncoder().encode(value)
  const message = await sha256([
    text('ton-proof-item-v2/'),
    numberBytes(4, (view) => view.setInt32(0, address.workChain)),
    address.hash,
    numberBytes(4, (view) => view.setUint32(0, domain.length, true)),
    domain,
    numberBytes(8, (view) => view.setBigUint64(0, BigInt(timestampS), true)),
    text(payload),
  ])
  return sha256([new Uint8Array([0xff, 0xff]), text('ton-connect'), message])
}

function readAddress(text: string): Address | undefined {
  return /^-?[0-9]{1,3}:[0-9a-fA-F]{64}$/.test(text) ? attempt(() => Address.parseRaw(text)) : undefined
}

/** Reads the first state of a wallet, and its public key where the code is a known one. */
function readStateInit(
  base64: string,
): { readonly hash: string; readonly publicKey: Uint8Array<ArrayBuffer> | undefined } | undefined {
  return attempt(() => {
    const cell = Cell.fromBase64(base64)
    const slice = cell.beginParse()
    const { code, data } = loadStateInit(slice)
    // Above level 0 a cell stands for content that was cut away: its hash says nothing of what is here.
    if (!code || !data || cell.level() !== 0 || slice.remainingBits > 0 || slice.remainingRefs > 0) {
      return undefined
    }
    const offset = KEY_OFFSETS.get(code.hash().toString('hex'))
    const key = offset === undefined ? undefined : data.beginParse().skip(offset).loadBuffer(KEY_BYTES)
    return { hash: cell.hash().toString('hex'), publicKey: key && new Uint8Array(key) }
  })
}

function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  return attempt(() => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
}

/** Undefined for what cannot be read: it came from outside. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined // The caller names the refusal.
  }
}

function numberBytes(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length)
  write(new DataView(bytes.buffer))
  return bytes
}

async function sha256(parts: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined))
}
