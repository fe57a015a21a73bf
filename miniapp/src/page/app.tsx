import type { ReactNode } from 'react'
import { useNetwork } from '../network/use-network.ts'
import { readInitData } from '../start/telegram-launch.ts'
import { useSpeech } from '../words/words-context.tsx'
import { BuildCard } from './build-card.tsx'
import { ChatCard } from './chat-card.tsx'
import { Chevron } from './chevron.tsx'
import { EarnCard } from './earn-card.tsx'
import { Header } from './header.tsx'
import { NetworkNow } from './network-now.tsx'

/** Only there is it known whose wallet it is. */
const isInTelegram = readInitData(location.hash, sessionStorage) !== undefined

/** The page: what this is, what runs now, where to go next. */
export function App(): ReactNode {
  const { words } = useSpeech()
  const { view, askAgain } = useNetwork()
  return (
    <>
      <Header />
      <main className="page">
        <p className="lead">{words.lead}</p>
        {isInTelegram && (
          <a
            className="card wallet-link"
            href={`/wallet${location.search}${location.hash}`}
            data-testid="wallet-link"
          >
            <span>{words['open-wallet']}</span>
            <Chevron />
          </a>
        )}
        <NetworkNow view={view} askAgain={askAgain} />
        <section className="column" aria-labelledby="next">
          <h2 id="next">{words.next}</h2>
          <ChatCard />
          <EarnCard />
          <BuildCard network={'network' in view ? view.network : undefined} />
        </section>
      </main>
    </>
  )
}
