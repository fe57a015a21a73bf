import type { ReactNode } from 'react'
import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import { reservesViewSchema } from '../../../protocol/src/miniapp/wallet.ts'
import { askPublic } from '../data/ask-public.ts'
import { useLive } from '../data/use-live.ts'
import { Chevron } from '../ui/chevron.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'
import { TierGlyph } from '../ui/tier-glyph.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { dayOf, dayWords, timeWords } from './history/day-words.ts'
import { WALLET_WORDS } from './words/words.ts'

/** What the newest proof of reserves says, and the way to check it. Nothing where there is none. */
export function ReservesCard(): ReactNode {
  const { language } = useSpeech()
  const words = useWords(WALLET_WORDS)
  const { live } = useLive({
    key: ['reserves'],
    ask: (signal) => askPublic('/v1/reserves', parserOf(reservesViewSchema), signal),
  })
  const latest = 'value' in live ? live.value.latest : null
  if (!latest) return null
  const isWhole = BigInt(latest.hot) + BigInt(latest.cold) >= BigInt(latest.total)
  const { createdAtMs } = latest
  const now = Date.now()
  const time = <bdi dir="ltr">{timeWords(language, createdAtMs)}</bdi>
  const when =
    dayOf(createdAtMs) === dayOf(now) ? (
      <Sentence text={words['reserves-at']} time={time} />
    ) : (
      <Sentence text={words['reserves-on']} day={dayWords(language, createdAtMs, now)} time={time} />
    )
  return (
    <OutsideLink
      href={`/reserves.html?lang=${language}&theme=${document.documentElement.dataset.theme ?? 'auto'}`}
      className={isWhole ? 'card reserves leaf' : 'card reserves'}
      testId="reserves"
    >
      {isWhole && <TierGlyph tier="confidential" />}
      <span>
        <b>{words[isWhole ? 'reserves-there' : 'reserves-short']}</b>
        <span className="hint">
          {isWhole ? <Sentence text={words['reserves-checked']} when={when} /> : words['reserves-short-why']}
        </span>
      </span>
      <Chevron />
    </OutsideLink>
  )
}
