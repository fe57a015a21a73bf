import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { DevWallet } from './dev-wallet.ts'
import { addressPage, homePage, notFoundPage, transactionPage } from './explorer-pages.ts'
import { messageHash, normalizedHash } from './message-hash.ts'
import { parseAddress, readHash } from './read-params.ts'
import type { SandboxChain } from './sandbox-chain.ts'

const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
const FILES: Readonly<Record<string, string>> = {
  'explorer.css': 'text/css',
  'explorer.js': 'text/javascript',
  'wallet.js': 'text/javascript',
  'mark.svg': 'image/svg+xml',
}

/** The explorer: `/`, `/address/<address>`, `/tx/<lt>:<hash>`, `/search?q=`, and the files of the pages. */
export function explorerRoute(chain: SandboxChain, wallet: DevWallet): Hono {
  const route = new Hono()
  const view = { chain, wallet: wallet.account.address }
  const page = (body: string, status: 200 | 404 = 200) =>
    new Response(body, {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': CONTENT_POLICY,
      },
    })
  route.get('/', async () => page(await homePage(view)))
  route.get('/address/:address', async (c) => {
    const address = parseAddress(c.req.param('address'))
    if (!address) return page(await notFoundPage(view, c.req.param('address')), 404)
    return page(await addressPage(view, address))
  })
  route.get('/tx/:id', async (c) => {
    const id = c.req.param('id')
    const [lt, text] = id.split(':')
    const hash = readHash(text)
    const found = chain.allTransactions().find((entry) => String(entry.lt) === lt && entry.hash === hash)
    return found ? page(await transactionPage(view, found)) : page(await notFoundPage(view, id), 404)
  })
  route.get('/search', async (c) => {
    const text = (c.req.query('q') ?? '').trim()
    const path = text ? findPath(chain, text) : '/'
    return path ? c.redirect(path) : page(await notFoundPage(view, text), 404)
  })
  route.get('/:file{[a-z]+\\.(?:js|css|svg)}', async (c) => {
    const name = c.req.param('file')
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined
    if (!type) return c.notFound()
    const bytes = await readFile(join(import.meta.dirname, 'page', name))
    return new Response(bytes, {
      headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' },
    })
  })
  route.get('/wallets-v2.json', (c) => c.json([walletListEntry(new URL(c.req.url).origin)]))
  return route
}

/** The page of an address, a transaction's or a message's hash, or a logical time. */
function findPath(chain: SandboxChain, text: string): string | undefined {
  const address = parseAddress(text)
  if (address) return `/address/${address.toRawString()}`
  const [lt, tail] = text.split(':')
  const hash = readHash(tail ?? text)
  const found = chain
    .allTransactions()
    .toReversed()
    .find((entry) => {
      if (tail === undefined && String(entry.lt) === lt) return true
      if (hash === undefined) return false
      const { inMessage } = entry.transaction
      if (entry.hash === hash) return true
      return inMessage ? messageHash(inMessage) === hash || normalizedHash(inMessage) === hash : false
    })
  return found && `/tx/${found.lt}:${found.hash}`
}

/** The development wallet as a list of wallets for `@tonconnect/sdk` holds it (`walletsListSource`). */
function walletListEntry(url: string) {
  return {
    app_name: 'sharnaqaDev',
    name: 'Development wallet',
    image: `${url}/mark.svg`,
    about_url: url,
    bridge: [{ type: 'js', key: 'sharnaqaDev' }],
    platforms: ['chrome', 'firefox', 'safari', 'linux', 'macos', 'windows', 'ios', 'android'],
    features: [{ name: 'SendTransaction', maxMessages: 255 }],
  }
}
