import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import type { About } from '../../../protocol/src/miniapp/about.ts'
import { type UsedLive, useLive } from '../data/use-live.ts'
import type { Session } from '../session/session.ts'
import type { Language } from '../start/page-settings.ts'
import { useSpeech } from '../words/words-context.tsx'
import { loadWalletScript } from './load-wallet-script.ts'
import type { WalletFacts } from './money.ts'
import type { Wallet } from './ton-connect.ts'
import { createWalletApi, type WalletApi } from './wallet-api.ts'
import { createWalletDesk, type DeskState, type WalletDesk } from './wallet-desk.ts'
import { createWalletStory } from './wallet-story.ts'

const REFRESH_MS = 10_000
/** All that the wallet page asks is kept under it. */
export const WALLET_KEY = ['wallet'] as const
export const FACTS_KEY = [...WALLET_KEY, 'facts'] as const

type Parts = { readonly api: WalletApi; readonly desk: WalletDesk }
export type UsedWallet = Parts & { readonly facts: UsedLive<WalletFacts>; readonly state: DeskState }

/** One desk for each session: what is under way there goes on while the page is closed. */
const parts = new WeakMap<Session, Parts>()

/** The person's money, read again while the page is looked at, and what is under way with the wallet. */
export function useWallet(session: Session): UsedWallet {
  const client = useQueryClient()
  const { language } = useSpeech()
  const { api, desk } = useMemo(() => {
    const made = parts.get(session) ?? createParts(session, client, language)
    parts.set(session, made)
    return made
  }, [session, client, language])
  const facts = useLive({ key: FACTS_KEY, ask: api.readFacts, everyMs: REFRESH_MS })
  const state = useSyncExternalStore(desk.subscribe, desk.state)
  return { api, desk, facts, state }
}

function createParts(session: Session, client: QueryClient, language: Language): Parts {
  const api = createWalletApi(session)
  let wallet: Promise<Wallet> | undefined
  const story = createWalletStory({
    api,
    refresh: () => client.invalidateQueries({ queryKey: WALLET_KEY }),
    facts: () => client.getQueryData<WalletFacts>(FACTS_KEY),
    openWallet: (facts) => {
      wallet ??= openLazily(facts, language, client.getQueryData<About>(['about']))
      wallet.catch(() => {
        wallet = undefined // the next press tries again
      })
      return wallet
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    newKey: () => crypto.randomUUID(),
  })
  return { api, desk: createWalletDesk(story) }
}

async function openLazily(
  { deposit }: WalletFacts,
  language: Language,
  about: About | undefined,
): Promise<Wallet> {
  await loadWalletScript(deposit?.walletScript)
  const { openWallet } = await import('./ton-connect.ts')
  const { network = about?.tonNetwork ?? '', walletsListSource } = deposit ?? {}
  const returnUrl = about?.botUsername && (`https://t.me/${about.botUsername}?startapp=wallet` as const)
  return openWallet({
    network,
    language,
    walletsListSource,
    theme: getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light',
    ...(returnUrl ? { returnUrl } : {}),
  })
}
