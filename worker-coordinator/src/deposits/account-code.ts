const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, lower case
const ID_CHARS = 11
const CHECK_CHARS = 2
const CHECK_PRIME = 1021n // below 32², so that one wrong or two swapped characters never pass

/** How long a code is. */
export const ACCOUNT_CODE_CHARS = ID_CHARS + CHECK_CHARS

/** An account's id for people to copy: 11 characters of base32 and 2 that catch a slip. */
export function toAccountCode(accountId: number): string {
  const id = BigInt(accountId)
  return encode(id, ID_CHARS) + encode(id % CHECK_PRIME, CHECK_CHARS)
}

/** Reads a code as people type it: `O` for 0, `I` and `L` for 1, in capitals. Undefined when it is mistyped. */
export function parseAccountCode(text: string): number | undefined {
  const typed = text.toLowerCase().replaceAll('o', '0').replaceAll(/[il]/g, '1')
  if (typed.length !== ACCOUNT_CODE_CHARS) return undefined
  const id = decode(typed.slice(0, ID_CHARS))
  const check = decode(typed.slice(ID_CHARS))
  if (id === undefined || check !== id % CHECK_PRIME) return undefined
  return id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : undefined
}

function encode(value: bigint, chars: number): string {
  let rest = value
  let text = ''
  for (let i = 0; i < chars; i++) {
    text = `${ALPHABET[Number(rest % 32n)]}${text}`
    rest /= 32n
  }
  return text
}

function decode(text: string): bigint | undefined {
  let value = 0n
  for (const char of text) {
    const digit = ALPHABET.indexOf(char)
    if (digit < 0) return undefined
    value = value * 32n + BigInt(digit)
  }
  return value
}
