import type { ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import { BigAmount } from '../ui/big-amount.tsx'
import { TierGlyph } from '../ui/tier-glyph.tsx'
import { useWords } from '../words/define-words.ts'
import { fillText, pluralOf } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { BUNDLED_MODEL } from './bundled-model.ts'
import { ExactFigures } from './exact-figures.tsx'
import { useWhere } from './model-table.tsx'
import type { NetworkModel } from './network.ts'
import { Fact } from './network-numbers.tsx'
import { OrderBook } from './order-book.tsx'
import { formatCount, wordsPrice } from './price-words.ts'
import { speedWords, WORDS_PER_TOKEN } from './speed-words.ts'
import { waitWords } from './wait-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** One model: what it costs, who reads, how fast it is, and what each price offers. */
export function ModelDetail({ model }: { readonly model: NetworkModel }): ReactNode {
  const words = useWords(NETWORK_WORDS)
  const { id, kind, price } = model
  return (
    <div className="column">
      <section className="card model-price-card">
        <p className="hint">{[words[`kind-${kind}`], useWhere(model)].join(' · ')}</p>
        {price ? (
          <>
            <BigAmount of={wordsPrice({ kind, price })} />
            <p className="hint">{words['per-words']}</p>
          </>
        ) : (
          <p>{words['price-none']}</p>
        )}
        <p className="hint with-glyph">
          <TierGlyph tier="open" />
          <span>
            <b>{words['tier-open']}</b> · {words['tier-open-reads']}
          </span>
        </p>
        {id === BUNDLED_MODEL && <p className="hint">{words.small}</p>}
      </section>
      <ModelFacts model={model} />
      <OrderBook model={model} />
      <ExactFigures model={model} />
    </div>
  )
}

function ModelFacts({ model }: { readonly model: NetworkModel }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const { kind, runners, contextTokens, tokensPerSecond, freeSlots, waitSeconds } = model
  const inWords = (tokens: number) => Math.max(1, Math.round(tokens * WORDS_PER_TOKEN))
  const say = (id: 'speed-words' | 'context-words', count: number) =>
    fillText(pluralOf(language, words[id], count), { count: formatCount(language, count) })
  const isMeasured = kind === 'chat' && tokensPerSecond > 0
  const wait = () => {
    if (runners === 0) return words['wait-nobody']
    if (freeSlots > 0) return words['wait-none']
    return fillText(words['wait-about'], { wait: waitWords(language, waitSeconds) })
  }
  return (
    <section className="card">
      <dl className="network-facts">
        {kind === 'chat' && (
          <Fact name={words.speed}>
            {words[speedWords({ tokensPerSecond })]}
            {isMeasured && <small className="below">{say('speed-words', inWords(tokensPerSecond))}</small>}
          </Fact>
        )}
        {contextTokens > 0 && (
          <Fact name={words.context}>{say('context-words', roundToTwoDigits(inWords(contextTokens)))}</Fact>
        )}
        <Fact name={words.wait}>{wait()}</Fact>
      </dl>
    </section>
  )
}

/** A model of this name does not exist here. */
export function NoSuchModel(): ReactNode {
  const words = useWords(NETWORK_WORDS)
  return (
    <div className="card note">
      <p>{words['not-known']}</p>
      <PlaceLink to="/network" className="button as-link">
        {words['all-models']}
      </PlaceLink>
    </div>
  )
}

/** "About" does not go with 24,576. */
function roundToTwoDigits(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.round(value / step) * step
}
