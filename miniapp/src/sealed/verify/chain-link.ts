/** Sites that show transactions of TON's networks to everybody. */
const PUBLIC: Readonly<Record<string, string>> = {
  '-239': 'https://tonviewer.com',
  '-3': 'https://testnet.tonviewer.com',
}

/**
 * Where a transaction can be looked at by the person; undefined where no site is known. `transactionId`: `<lt>:<hash>`.
 * `ownExplorer`: of a network on one's own machine.
 */
export function chainLink(
  transactionId: string,
  { tonNetwork, ownExplorer }: { readonly tonNetwork: string; readonly ownExplorer: string | null },
): string | undefined {
  const hash = /^\d{1,20}:([0-9a-f]{64})$/.exec(transactionId)?.[1]
  if (hash === undefined) return undefined
  if (ownExplorer !== null) return `${ownExplorer}/tx/${hash}`
  const site = Object.hasOwn(PUBLIC, tonNetwork) ? PUBLIC[tonNetwork] : undefined
  return site && `${site}/transaction/${hash}`
}
