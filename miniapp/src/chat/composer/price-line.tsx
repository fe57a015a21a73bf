import { type ReactNode, useState } from 'react'
import { formatTon, type Nano } from '../../../../protocol/src/money.ts'
import { useAbout } from '../../data/use-about.ts'
import { formatCount, wordsPrice } from '../../network/price-words.ts'
import { speedWords } from '../../network/speed-words.ts'
import { waitWords } from '../../network/wait-words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useFailureWords } from '../../ui/failure-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import type { ModelChoice } from '../choice/model-choice.ts'
import type { Estimate } from '../estimate-price.ts'
import { cutToFit } from '../fit-context.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { DRAFT_CHARS_MAX } from './cut-draft.ts'
import type { Weighed } from './weigh-question.ts'

type Props = {
  readonly weighed: Weighed
  readonly isEmpty: boolean
  readonly isCut: boolean
  readonly text: string
  readonly onCut: (text: string) => void
}

/** One line above the composer: what the question costs and how soon it is answered, or why it cannot be sent. */
export function PriceLine({ weighed, isEmpty, isCut, text, onCut }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const { choice } = useChat()
  const failureWords = useFailureWords()
  const { picked } = choice
  if (isCut) {
    const count = formatCount(language, DRAFT_CHARS_MAX)
    return <Line>{fillText(words['cut-to-most'], { count })}</Line>
  }
  switch (weighed.say) {
    case 'nothing':
      return <div className="price-line" />
    case 'away':
      return <Away canSend={weighed.canSend} />
    case 'refused':
      return (
        <Line>
          <span role="alert">{failureWords(weighed)}</span>
        </Line>
      )
    case 'nobody-at-all':
      return (
        <Line>
          <span>{words['nobody-at-all']}</span>
          <PlaceLink to="/earn">{words['own-add']}</PlaceLink>
        </Line>
      )
    case 'nobody-serves':
      return <NobodyServes />
    case 'too-long':
      return (
        <TooLong
          count={weighed.words}
          onCut={() => onCut(cutToFit(text, picked?.served?.contextTokens ?? 0))}
        />
      )
    case 'no-funds':
      return <NoFunds most={weighed.most} />
    case 'free':
      return (
        <Line served={picked?.served}>
          <span>{words['price-free']}</span>
        </Line>
      )
    case 'price':
      return (
        <Line served={picked?.served}>
          <Price estimate={weighed.estimate} served={picked?.served} isEmpty={isEmpty} />
        </Line>
      )
    default:
      return weighed satisfies never
  }
}

/** What is said, and at the line's end how soon and how fast. */
function Line({
  children,
  served,
}: {
  readonly children: ReactNode
  readonly served?: ModelChoice | undefined
}): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const soon = served && served.freeSlots === 0
  return (
    <div className="price-line" data-testid="price-line">
      {children}
      {served && (
        <span className="speed">
          {soon
            ? fillText(words['wait-about'], { wait: waitWords(language, served.waitSeconds) })
            : words[speedWords(served)]}
        </span>
      )}
    </div>
  )
}

type PriceProps = {
  readonly estimate: Estimate
  readonly served: ModelChoice | undefined
  readonly isEmpty: boolean
}

/** Before the first letter the price of a model, then that of the question; a tap shows the most that it can cost. */
function Price({ estimate, served, isEmpty }: PriceProps): ReactNode {
  const words = useWords(CHAT_WORDS)
  const [isMost, setMost] = useState(false)
  if (isEmpty && served) {
    return (
      <span>
        <Sentence
          text={words['price-per-words']}
          price={<Ton of={wordsPrice({ kind: 'chat', price: served.price })} />}
        />
      </span>
    )
  }
  return (
    <button
      type="button"
      aria-description={words[isMost ? 'price-show-about' : 'price-show-most']}
      onClick={() => setMost(!isMost)}
    >
      <span>
        <Sentence
          text={words[isMost ? 'price-most' : 'price-about']}
          price={<Ton of={isMost ? estimate.most : estimate.about} />}
        />
      </span>
    </button>
  )
}

function Ton({ of }: { readonly of: Nano }): ReactNode {
  return <bdi dir="ltr">{formatTon(of)}</bdi>
}

function Away({ canSend }: { readonly canSend: boolean }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { choice } = useChat()
  return (
    <Line>
      <span>{canSend ? words['choices-away'] : common.stale}</span>
      <button type="button" onClick={choice.choices.askAgain}>
        {common.retry}
      </button>
    </Line>
  )
}

function NobodyServes(): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { choice, openSheet } = useChat()
  const { model = '', tier } = choice.picked?.choice ?? {}
  return (
    <Line>
      <span>{fillText(words[tier === 'own' ? 'nobody-serves-own' : 'nobody-serves'], { model })}</span>
      <button type="button" onClick={() => openSheet({ sheet: 'choice' })}>
        {words['choose-another']}
      </button>
    </Line>
  )
}

function TooLong({ count, onCut }: { readonly count: number; readonly onCut: () => void }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { language } = useSpeech()
  const { choice } = useChat()
  const model = choice.picked?.choice.model ?? ''
  const sentence = pluralOf(language, words['too-long'], count)
  return (
    <Line>
      <span role="alert">{fillText(sentence, { count: formatCount(language, count), model })}</span>
      <button type="button" onClick={onCut}>
        {words['cut-it']}
      </button>
    </Line>
  )
}

/** Not enough for the most that it can cost: the ways to more. */
function NoFunds({ most }: { readonly most: Nano }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const telegram = useTelegram()
  const bot = useAbout()?.botUsername
  return (
    <Line>
      <span role="alert">
        <Sentence text={words['no-funds']} price={<Ton of={most} />} />
      </span>
      <PlaceLink to="/wallet">{words['to-wallet']}</PlaceLink>
      {bot !== undefined && (
        <button type="button" onClick={() => telegram.openChat(`https://t.me/${bot}?start=topup`)}>
          {words['to-stars']}
        </button>
      )}
    </Line>
  )
}
