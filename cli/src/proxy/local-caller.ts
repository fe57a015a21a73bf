const LOCAL_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** The headers that tell who calls. */
export type CallerHeaders = {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/**
 * Whether a program of this machine calls. The endpoint spends its owner's money and asks for no key, so a page in the
 * browser must not reach it: not by a name of its own that points here (DNS rebinding), and not from another origin.
 */
export function isLocalCaller(headers: CallerHeaders): boolean {
  const host = URL.parse(`http://${headers.host ?? ''}`)
  if (!headers.host || host?.host !== headers.host.toLowerCase() || !LOCAL_NAMES.includes(host.hostname))
    return false
  if (headers.origin !== undefined && headers.origin !== host.origin) return false
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin' || site === 'none'
}
