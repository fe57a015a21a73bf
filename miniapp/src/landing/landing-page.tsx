import { type ReactNode, useEffect } from 'react'
import { useAbout } from '../data/use-about.ts'
import { FieldBone, LiveField } from '../network/field/live-field.tsx'
import { FactsBone, OwnersBone } from '../network/network-bones.tsx'
import { NetworkEmpty } from '../network/network-empty.tsx'
import { NetworkFacts, OwnersToday } from '../network/network-numbers.tsx'
import { useNetwork } from '../network/use-network.ts'
import '../network/network.css'
import { LiveView } from '../ui/live-view.tsx'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { Header } from './header.tsx'
import { Hero } from './hero.tsx'
import './landing.css'
import { More } from './more.tsx'
import { Ways } from './ways.tsx'
import { LANDING_WORDS } from './words/words.ts'

/** For whoever comes from outside Telegram: what this is, that it lives, and three ways in. */
export function LandingPage(): ReactNode {
  const { words: general } = useSpeech()
  const words = useWords(LANDING_WORDS)
  const bot = useAbout()?.botUsername
  useEffect(() => {
    document.title = `${general.name}: ${words.headline}`
  }, [general, words])
  return (
    <div className="landing">
      <Header />
      <main>
        <Hero />
        <Alive />
        <Ways bot={bot} />
        <More />
      </main>
    </div>
  )
}

function Alive(): ReactNode {
  const network = useNetwork()
  return (
    <section className="landing-live">
      <LiveView of={network} skeleton={<Bones />}>
        {(value) => (
          <div className="landing-alive">
            {value.runners === 0 ? (
              <NetworkEmpty />
            ) : (
              <LiveField network={value} isStill={network.live.state !== 'live'} />
            )}
            <OwnersToday network={value} />
            <NetworkFacts network={value} />
          </div>
        )}
      </LiveView>
    </section>
  )
}

function Bones(): ReactNode {
  return (
    <div className="landing-alive">
      <FieldBone />
      <OwnersBone />
      <FactsBone />
    </div>
  )
}
