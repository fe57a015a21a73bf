import type { Money } from '../billing/billing-store.ts'
import type { Position, StatementPage } from '../billing/statement.ts'
import type { RequestLogPage } from '../jobs/request-log-store.ts'
import { type AccountData, EXPORT_ROWS_MAX } from './account-data-store.ts'

/** What the bot keeps of a person's private chat; each topic is a conversation of its own. */
export type KeptConversation = {
  /** Undefined: the chat outside of any topic. */
  readonly topic: number | undefined
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]
}

export type AccountExportDeps = {
  readonly nowMs: () => number
  /** Undefined when there is no such account, or it was deleted. */
  readonly readAccountData: (accountId: number) => Promise<AccountData | undefined>
  readonly readMoney: (accountId: number) => Promise<Money | undefined>
  readonly readStatement: (input: {
    accountId: number
    limit: number
    before: Position | undefined
  }) => Promise<StatementPage>
  readonly listRequests: (input: {
    accountId: number
    keyId: undefined
    limit: number
    below: string | undefined
  }) => Promise<RequestLogPage>
  readonly readConversations: (telegramId: number) => Promise<readonly KeptConversation[]>
}

const PAGE = 200
/** How many pages of the ledger, and of the requests, go into one copy. */
const PAGES_MAX = 25

const NOTES = [
  'Amounts are nanoTON (1 TON = 1,000,000,000 nano) as decimal text, times Unix ms, days are counted from 1970-01-01, UTC.',
  'What was asked and answered over the API and in the Mini App is not kept by the network, so it is not here.',
  'Lists that are named under "cut" hold the newest entries only.',
]

/** Everything that the network has of an account, as plain JSON. Undefined when there is no such account. */
export async function exportAccount(
  deps: AccountExportDeps,
  accountId: number,
): Promise<Record<string, unknown> | undefined> {
  const data = await deps.readAccountData(accountId)
  if (!data) return undefined
  const [money, requests, ledger, conversations] = await Promise.all([
    deps.readMoney(accountId),
    readPages(async (below: string | undefined) => {
      const page = await deps.listRequests({ accountId, keyId: undefined, limit: PAGE, below })
      return { rows: page.requests.map((one) => ({ ...one, charge: BigInt(one.charge) })), next: page.next }
    }),
    readPages(async (before: Position | undefined) => {
      const { lines, next } = await deps.readStatement({ accountId, limit: PAGE, before })
      return { rows: lines, next }
    }),
    deps.readConversations(data.account.telegramId),
  ])
  const copy = toPlain({
    ...data,
    money,
    requests: requests.rows,
    ledger: ledger.rows,
    conversations,
  }) as Record<string, unknown>
  const isCut = (name: string) => {
    if (name === 'requests') return requests.isCut
    if (name === 'ledger') return ledger.isCut
    const list = copy[name]
    return Array.isArray(list) && list.length >= EXPORT_ROWS_MAX
  }
  return {
    format: 'sharnaqa-account',
    version: 1,
    made_at: deps.nowMs(),
    notes: NOTES,
    cut: Object.keys(copy).filter(isCut),
    ...copy,
  }
}

async function readPages<Row, Next>(
  read: (after: Next | undefined) => Promise<{ rows: readonly Row[]; next: Next | undefined }>,
): Promise<{ readonly rows: readonly Row[]; readonly isCut: boolean }> {
  const rows: Row[] = []
  let after: Next | undefined
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page = await read(after)
    rows.push(...page.rows)
    if (page.next === undefined) return { rows, isCut: false }
    after = page.next
  }
  return { rows, isCut: true }
}

/** Names as the API writes them, `created_at`; amounts as decimal text; what is undefined as null. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      toPlain(inner),
    ]),
  )
}
