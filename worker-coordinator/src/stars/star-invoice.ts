import { type Nano, parseNano } from '../../../protocol/src/money.ts'

/** What an invoice promises. Telegram carries it unseen and brings it back with the payment. */
export type StarInvoice = {
  readonly accountId: number
  readonly stars: number
  readonly credit: Nano
  /** Tells two invoices apart; letters, digits, `-` and `_`. */
  readonly nonce: string
}

const VERSION = 's1'
const MAC_BYTES = 16
const NONCE = /^[\w-]{1,32}$/

/** Writes an invoice's payload, signed: at most 128 bytes, as Telegram wants it. Throws on a nonce that does not fit. */
export async function signInvoice(secret: string, invoice: StarInvoice): Promise<string> {
  const { accountId, stars, credit, nonce } = invoice
  if (!NONCE.test(nonce)) throw new Error('a nonce has 1 to 32 letters and digits')
  const body = [VERSION, accountId, stars, credit, nonce].join('.')
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), bytesOf(body)))
  return `${body}.${toBase64Url(mac.slice(0, MAC_BYTES))}`
}

/** Reads a payload that this coordinator signed; undefined for any other. */
export async function readInvoice(secret: string, payload: string): Promise<StarInvoice | undefined> {
  const [version, account = '', stars = '', amount, nonce = '', , ...rest] = payload.split('.')
  const accountId = Number(account)
  const credit = parseNano(amount)
  if (version !== VERSION || rest.length > 0 || !NONCE.test(nonce) || credit === undefined) return undefined
  if (!Number.isSafeInteger(accountId) || !/^[1-9][0-9]{0,5}$/.test(stars)) return undefined
  const invoice = { accountId, stars: Number(stars), credit, nonce }
  return isSame(await signInvoice(secret, invoice), payload) ? invoice : undefined
}

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(`star-invoice:${secret}`)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

/** Compares without saying by its time where the first difference is. */
function isSame(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at += 1) difference |= a.charCodeAt(at) ^ b.charCodeAt(at)
  return difference === 0
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text))
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
