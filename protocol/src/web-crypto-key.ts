/** A key of WebCrypto, whatever the runtime calls its type. */
export type WebCryptoKey = Parameters<typeof crypto.subtle.sign>[1]
