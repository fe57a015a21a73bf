import type { ReactNode } from 'react'
import { formatTon } from '../../../protocol/src/money.ts'
import { TierGlyph } from '../ui/tier-glyph.tsx'
import { fillText, pluralOf } from '../words/words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { BUNDLED_MODEL } from './curl-example.ts'
import { ExactFigures } from './exact-figures.tsx'
import type { NetworkModel } from './network.ts'
import { waitWords } from './network-view.ts'
import { formatCount, wordsPrice } from './price-words.ts'
import { speedWords } from './speed-words.ts'

export function ModelRow({ model }: { readonly model: NetworkModel }): ReactNode {
  const { words } = useSpeech()
  const { id, kind, price, runners } = model
  return (
    <li className="model">
      <div className="model-head">
        <i className={runners > 0 ? 'lamp' : 'lamp off'} />
        <h3>
          <bdi dir="ltr">{id}</bdi>
        </h3>
        <p className="hint">{usePlace(model)}</p>
      </div>
      <p className="price">
        {price ? (
          <Sentence
            text={words.price}
            price={<bdi dir="ltr">{formatTon(wordsPrice({ kind, price }))}</bdi>}
          />
        ) : (
          words['price-none']
        )}
      </p>
      <p className="hint">{useFacts(model).join(' · ')}</p>
      {id === BUNDLED_MODEL && <p className="hint">{words.small}</p>}
      <p className="hint with-glyph">
        <TierGlyph />
        <span>
          <b>{words['tier-open']}</b> · {words['tier-open-reads']}
        </span>
      </p>
      <ExactFigures model={model} />
    </li>
  )
}

/** Where it runs. */
function usePlace({ runners }: NetworkModel): string {
  const { language, words } = useSpeech()
  if (runners === 0) return words['no-runner']
  return fillText(pluralOf(language, words['on-runners'], runners), { count: formatCount(language, runners) })
}

/** What it is for, how fast it is, and whether it has time. */
function useFacts({ kind, runners, freeSlots, waitSeconds, tokensPerSecond }: NetworkModel): string[] {
  const { language, words } = useSpeech()
  const facts = [words[kind === 'chat' ? 'kind-chat' : 'kind-embedding']]
  if (runners === 0) return facts
  if (kind === 'chat') facts.push(words[speedWords({ tokensPerSecond })])
  if (freeSlots === 0) facts.push(fillText(words['busy-wait'], { wait: waitWords(language, waitSeconds) }))
  return facts
}
