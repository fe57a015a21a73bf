import type { ReactNode } from 'react'
import { useAbout } from '../../data/use-about.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Command } from '../../ui/command.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { WALLET_WORDS } from '../words/words.ts'

/** Chat credit for Telegram Stars: the bot sells it, for only there Telegram takes Stars. */
export function StarsCard(): ReactNode {
  const words = useWords(WALLET_WORDS)
  const telegram = useTelegram()
  const name = useAbout()?.botUsername
  return (
    <article className="card" aria-labelledby="stars">
      <h2 id="stars">{words.stars}</h2>
      <p className="hint">{words['stars-how']}</p>
      {name === undefined ? (
        <p>
          <Sentence text={words['stars-command']} command={<Command text="/topup" />} />
        </p>
      ) : (
        <button
          type="button"
          className="button quiet"
          data-testid="stars"
          onClick={() => telegram.openChat(`https://t.me/${name}?start=topup`)}
        >
          {words['stars-open']}
        </button>
      )}
    </article>
  )
}
