import type { ReactNode } from 'react'
import { NetworkNow } from '../network/network-now.tsx'
import { useNetwork } from '../network/use-network.ts'
import { useSpeech } from '../words/words-context.tsx'
import { BuildCard } from './build-card.tsx'
import { ChatCard } from './chat-card.tsx'
import { EarnCard } from './earn-card.tsx'
import { Header } from './header.tsx'

/** For whoever comes from outside Telegram: what this is, what runs now, where to go next. */
export function LandingPage(): ReactNode {
  const { words } = useSpeech()
  const { view, askAgain } = useNetwork()
  return (
    <>
      <Header />
      <main className="page">
        <p className="lead">{words.lead}</p>
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
