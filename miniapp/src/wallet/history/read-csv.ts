import type { Reply, Session } from '../../session/session.ts'

/** How many pages go into one file: as many as keep a phone awake, and far more than most people have. */
const PAGES_MAX = 100

/** The account's whole ledger as CSV, the newest first, page by page. */
export async function readCsv({ open }: Pick<Session, 'open'>): Promise<Reply<string>> {
  const parts: string[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const after: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const page: Reply<Response> = await open(`/v1/transfers?format=csv&limit=200${after}`)
    if (!page.ok) return page
    const text = await page.value.text().catch(() => undefined)
    if (text === undefined) return { ok: false, reason: 'unreachable', sentence: undefined }
    parts.push(pages === 0 ? text : withoutHeader(text))
    cursor = page.value.headers.get('x-next-cursor')
    if (!cursor) break
  }
  return { ok: true, value: parts.join('') }
}

function withoutHeader(csv: string): string {
  const end = csv.indexOf('\r\n')
  return end < 0 ? '' : csv.slice(end + 2)
}
