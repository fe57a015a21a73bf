const MAIN_NETWORK = '-239'

/**
 * The domain that a wallet signs: the host, with its port, of the address that people use. Without a configured one only
 * a test network takes the request's own: else a stranger's page could have its name signed and sent here.
 */
export function proofDomain(input: {
  readonly publicUrl: string | undefined
  readonly network: string
  /** Of the request. */
  readonly origin: string
}): string | undefined {
  if (input.publicUrl !== undefined) return new URL(input.publicUrl).host
  return input.network === MAIN_NETWORK ? undefined : new URL(input.origin).host
}
