import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type UsedLive, useLive } from '../../data/use-live.ts'
import { ledgerMark, type WalletFacts, wholeOf } from '../money.ts'
import { FACTS_KEY, WALLET_KEY } from '../use-wallet.ts'
import type { WalletApi } from '../wallet-api.ts'
import { type StatementPage, withNewest, withOlder } from './statement.ts'

/** Lines of the ledger, and what there was in all when they were read. */
export type Statement = StatementPage & { readonly whole: bigint }

export type UsedStatement = {
  readonly statement: UsedLive<Statement>
  readonly isFetchingOlder: boolean
  readonly fetchOlder: () => Promise<void>
}

const KEY = [...WALLET_KEY, 'statement'] as const

/** The account's ledger, newest first: read again when what there is has changed, and further back on demand. */
export function useStatement(api: WalletApi, facts: WalletFacts): UsedStatement {
  const client = useQueryClient()
  const [isFetchingOlder, setFetching] = useState(false)
  const known = () => client.getQueryData<Statement>(KEY)
  const statement = useLive<Statement>({
    key: KEY,
    ask: async () => {
      const money = client.getQueryData<WalletFacts>(FACTS_KEY)?.money ?? facts.money
      const page = await api.readStatement(undefined)
      return page.ok
        ? { ok: true, value: { ...withNewest(known(), page.value), whole: wholeOf(money) } }
        : page
    },
  })
  const mark = ledgerMark(facts)
  const seen = useRef(mark)
  useEffect(() => {
    if (seen.current === mark) return
    seen.current = mark
    void client.invalidateQueries({ queryKey: KEY })
  }, [client, mark])
  const fetchOlder = async () => {
    const cursor = known()?.next
    if (cursor === undefined) return
    setFetching(true)
    const page = await api.readStatement(cursor)
    const newest = known()
    if (page.ok && newest) client.setQueryData(KEY, { ...newest, ...withOlder(newest, page.value) })
    setFetching(false)
  }
  return { statement, isFetchingOlder, fetchOlder }
}
