import { type ReactNode, useEffect, useState } from 'react'
import { useAbout } from '../data/use-about.ts'
import { PlaceLink } from '../shell/place-link.tsx'
import { Command } from '../ui/command.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { telegramLink } from './telegram-link.ts'
import { LANDING_WORDS } from './words/words.ts'

/** How long the button's place is kept for a bot whose name does not come, ms. */
const PATIENCE_MS = 4_000

/** What this is, in one breath, and the way in. */
export function Hero(): ReactNode {
  const words = useWords(LANDING_WORDS)
  return (
    <section className="landing-hero">
      <h2>{words.headline}</h2>
      <p>{words.lead}</p>
      <div className="landing-actions">
        <WayIn />
        <PlaceLink to="/network" className="button quiet as-link">
          {words['see-network']}
        </PlaceLink>
      </div>
    </section>
  )
}

/** The button into Telegram, its place while the bot's name is on the way, or how to get there without one. */
function WayIn(): ReactNode {
  const { words: general } = useSpeech()
  const words = useWords(LANDING_WORDS)
  const about = useAbout()
  const isLate = useLate(PATIENCE_MS)
  const className = 'button as-link'
  if (!about && !isLate) {
    return (
      <span className={`${className} to-come`} aria-hidden="true">
        {general['open-in-telegram']}
      </span>
    )
  }
  if (about?.botUsername === undefined) {
    return (
      <p className="hint">
        <Sentence text={words['no-bot']} start={<Command text="/start" />} />
      </p>
    )
  }
  return (
    <a className={className} href={telegramLink(about.botUsername, 'chat')} data-testid="open-in-telegram">
      {general['open-in-telegram']}
    </a>
  )
}

function useLate(ms: number): boolean {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isLate
}
