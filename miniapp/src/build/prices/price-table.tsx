import type { ReactNode } from 'react'
import { formatTon, type Nano } from '../../../../protocol/src/money.ts'
import { formatCount } from '../../network/price-words.ts'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import type { Offer, OfferedModel } from './offered-models.ts'

/** Prices per 1,000,000 tokens: a row for each model and tier. */
export function PriceTable({ models }: { readonly models: readonly OfferedModel[] }): ReactNode {
  const words = useWords(BUILD_WORDS)
  return (
    <table className="figures" aria-labelledby="prices">
      <thead>
        <tr>
          <th scope="col">{words['price-model']}</th>
          <th scope="col">{words['price-read']}</th>
          <th scope="col">{words['price-written']}</th>
        </tr>
      </thead>
      <tbody>
        {models.flatMap((model) =>
          model.offers.length === 0
            ? [<NobodyRow key={model.id} model={model} />]
            : model.offers.map((offer) => (
                <PriceRow key={`${model.id} ${offer.tier}`} model={model} offer={offer} />
              )),
        )}
      </tbody>
    </table>
  )
}

function PriceRow({ model, offer }: { readonly model: OfferedModel; readonly offer: Offer }): ReactNode {
  const words = useWords(BUILD_WORDS)
  const facts = useFacts(model, offer)
  return (
    <tr data-testid="price-row" data-model={model.id} data-tier={offer.tier}>
      <th scope="row">
        <span className="with-glyph">
          <TierGlyph tier={offer.tier} />
          <bdi dir="ltr">{model.id}</bdi>
        </span>
        <span className="unseen">{words[`tier-${offer.tier}`]}</span>
        <span className="hint">{facts.join(' · ')}</span>
      </th>
      <td>
        <PriceCell of={offer.price?.input} />
      </td>
      <td>{model.kind === 'chat' && <PriceCell of={offer.price?.output} />}</td>
    </tr>
  )
}

function NobodyRow({ model }: { readonly model: OfferedModel }): ReactNode {
  const words = useWords(BUILD_WORDS)
  return (
    <tr data-testid="price-row" data-model={model.id} data-tier="none" className="nobody">
      <th scope="row">
        <bdi dir="ltr">{model.id}</bdi>
      </th>
      <td colSpan={2}>
        <span className="hint">{words['price-nobody']}</span>
      </td>
    </tr>
  )
}

function PriceCell({ of: amount }: { readonly of: Nano | undefined }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  if (amount === undefined) return null
  if (amount === 0n) return words['price-free']
  return (
    <>
      <bdi dir="ltr" className="amount">
        {formatTon(amount)}
      </bdi>
      <span className="hint">
        <bdi dir="ltr">{formatCount(language, amount)}</bdi>
      </span>
    </>
  )
}

/** What it is for, how much it takes in, how fast it is. */
function useFacts({ kind, contextTokens }: OfferedModel, { tokensPerSecond }: Offer): readonly string[] {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const count = (value: number) => formatCount(language, value)
  const speed = Math.max(1, Math.round(tokensPerSecond))
  return [
    words[`kind-${kind}`],
    ...(contextTokens > 0 ? [fillText(words['price-context'], { count: count(contextTokens) })] : []),
    ...(tokensPerSecond > 0 ? [fillText(words['price-speed'], { count: count(speed) })] : []),
  ]
}
