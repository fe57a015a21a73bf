const INJECT_WITHIN_MS = 5000

/**
 * Brings a wallet into the page: networks on one machine have one for trying things out. Does nothing without an
 * address, and gives up after five seconds: then the page has no such wallet.
 */
export function loadWalletScript(url: string | undefined): Promise<void> {
  if (!url || document.querySelector(`script[src="${CSS.escape(url)}"]`)) return Promise.resolve()
  return new Promise((resolve) => {
    const script = document.createElement('script')
    script.src = url
    script.onload = () => resolve()
    script.onerror = () => resolve()
    setTimeout(resolve, INJECT_WITHIN_MS)
    document.head.append(script)
  })
}
