import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react'
import { createSession } from '../session/session.ts'
import { readInitData } from '../start/telegram-launch.ts'
import { loadWalletScript } from './load-wallet-script.ts'
import type { WalletFacts } from './money.ts'
import type { Wallet } from './ton-connect.ts'
import { useWalletWords } from './use-wallet-words.ts'
import type { WalletActions } from './wallet-actions.ts'
import { createWalletApi } from './wallet-api.ts'
import { createWalletActions } from './wallet-story.ts'
import { nextWalletView, type WalletView } from './wallet-view.ts'

const REFRESH_MS = 10_000

type UsedWallet = {
  readonly view: WalletView
  readonly askAgain: () => void
  readonly actions: WalletActions
}

/** The person's money, read again while the page is visible, and what can be done with it. */
export function useWallet(): UsedWallet {
  const { language, words } = useWalletWords()
  const initData = useMemo(() => readInitData(location.hash, sessionStorage), [])
  const [view, report] = useReducer(nextWalletView, { state: initData ? 'loading' : 'outside' })
  const api = useMemo(
    () => createWalletApi(createSession({ fetch: (...args) => fetch(...args), initData: initData ?? '' })),
    [initData],
  )
  const facts = useRef<WalletFacts>(undefined)
  const wallet = useRef<Promise<Wallet>>(undefined)
  const refresh = useCallback(async () => {
    if (!initData) return
    const reply = await api.readFacts()
    if (reply.ok) facts.current = reply.value
    report(reply.ok ? { type: 'read', facts: reply.value } : { type: 'not-read', sentence: reply.sentence })
  }, [api, initData])
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    look()
    const timer = setInterval(look, REFRESH_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [refresh])
  const actions = useMemo(
    () =>
      createWalletActions({
        api,
        words,
        refresh,
        facts: () => facts.current,
        openWallet: ({ deposit }) => {
          wallet.current ??= openLazily(language, deposit)
          wallet.current.catch(() => {
            wallet.current = undefined // the next press tries again
          })
          return wallet.current
        },
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        newKey: () => crypto.randomUUID(),
      }),
    [api, words, refresh, language],
  )
  const askAgain = () => {
    report({ type: 'asked-again' })
    void refresh()
  }
  return { view, askAgain, actions }
}

async function openLazily(
  language: Parameters<typeof import('./ton-connect.ts').openWallet>[0]['language'],
  deposit: WalletFacts['deposit'],
): Promise<Wallet> {
  await loadWalletScript(deposit?.walletScript)
  const { openWallet } = await import('./ton-connect.ts')
  const { network = '', walletsListSource } = deposit ?? {}
  return openWallet({ network, language, walletsListSource })
}
