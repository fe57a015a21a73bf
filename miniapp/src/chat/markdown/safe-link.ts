/** Addresses that an answer may lead to. What else it names is shown as text. */
const PROTOCOLS = new Set(['http:', 'https:', 'tg:'])

/** An address that may be opened; undefined for scripts, files, and whatever is not a whole address. */
export function safeLink(href: string): URL | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined
  return url && PROTOCOLS.has(url.protocol) ? url : undefined
}

/** Whether Telegram itself opens it. */
export function isTelegramLink({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && (hostname === 't.me' || hostname === 'telegram.me')
}
