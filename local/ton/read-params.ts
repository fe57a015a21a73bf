import { Address } from '@ton/core'
import { type SandboxChain, sentenceOf } from './sandbox-chain.ts'

/** A refusal as toncenter words it. `code` is also the HTTP status. */
export class ToncenterError extends Error {
  readonly code: 404 | 422 | 500 | 504

  constructor(code: ToncenterError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Parameters of a call: from the query of a GET or the JSON of a POST. */
export type Params = Readonly<Record<string, unknown>>

export function addressParam(value: unknown): Address {
  const address = typeof value === 'string' ? parseAddress(value) : undefined
  if (!address) throw new ToncenterError(422, 'Incorrect address')
  return address
}

/** Reads an address in any of its forms; undefined when it is none, or of a workchain that does not exist. */
export function parseAddress(text: string): Address | undefined {
  try {
    const address = Address.parse(text.trim())
    return address.workChain === 0 || address.workChain === -1 ? address : undefined
  } catch {
    return undefined
  }
}

export function integerParam(
  value: unknown,
  name: string,
  range: { readonly standard: number; readonly min: number; readonly max: number },
): number {
  if (value === undefined || value === '') return range.standard
  const number = Number(value)
  if (!Number.isInteger(number) || number < range.min || number > range.max) {
    throw new ToncenterError(422, `${name} must be from ${range.min} to ${range.max}`)
  }
  return number
}

/** A logical time; undefined when it is not given. */
export function ltParam(value: unknown, name: string): bigint | undefined {
  if (value === undefined || value === '' || value === 0) return undefined
  if (!/^\d{1,20}$/.test(String(value))) throw new ToncenterError(422, `${name} must be a number`)
  return BigInt(String(value))
}

/** A hash in hex, base64 or base64url, as lower-case hex; undefined when it is none of them. */
export function readHash(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim().replaceAll(' ', '+') // a "+" in a query that nobody escaped
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined
  return Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString('hex')
}

export function hashParam(value: unknown, name: string): string | undefined {
  if (value === undefined || value === '') return undefined
  const hash = readHash(value)
  if (!hash) throw new ToncenterError(422, `${name} is not a hash`)
  return hash
}

/** Hands a message to the network. Throws what a node says when it did not take it, or when no reply comes. */
export async function submitBoc(chain: SandboxChain, boc: unknown): Promise<void> {
  if (typeof boc !== 'string' || boc === '') throw new ToncenterError(422, 'boc is required')
  const sent = await chain.submit(boc)
  if (sent.ok) return
  if (sent.reason === 'no-answer') throw new ToncenterError(504, 'LITE_SERVER_NETWORK: timeout')
  if (sent.reason === 'bad-boc') {
    throw new ToncenterError(500, 'LITE_SERVER_UNKNOWN: cannot deserialize external message')
  }
  throw new ToncenterError(500, `LITE_SERVER_UNKNOWN: ${sentenceOf(sent)}`)
}
