const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])$/

/**
 * The page around us, where both run on this machine: the local stand-in for Telegram. The SDK speaks to Telegram's own
 * web clients alone; anywhere but on a person's own machine that stays so, for another site could frame us and listen.
 */
export function localParent(ownHostname: string, referrer: string): string | undefined {
  const parent = URL.parse(referrer)
  return LOOPBACK.test(ownHostname) && parent && LOOPBACK.test(parent.hostname) ? parent.origin : undefined
}
