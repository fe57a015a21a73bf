import { Fragment, type ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import { Amount } from '../ui/amount.tsx'
import { TierGlyph } from '../ui/tier-glyph.tsx'
import { useWords } from '../words/define-words.ts'
import { fillText, pluralOf } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import type { NetworkModel } from './network.ts'
import { pathOfModel } from './network-path.ts'
import { formatCount, wordsPrice } from './price-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

type Props = { readonly models: readonly NetworkModel[]; readonly chosen?: string | undefined }

/** What can be asked here, who can read it, and what it costs; each row leads to the model's own page. */
export function ModelTable({ models, chosen }: Props): ReactNode {
  const words = useWords(NETWORK_WORDS)
  return (
    <section className="card model-table" aria-labelledby="models">
      <h2 id="models" className="unseen">
        {words.models}
      </h2>
      <div className="model-cells hint" aria-hidden="true">
        <span>{words.model}</span>
        <span className="wide-only">{words['who-reads']}</span>
        <span>{words['per-words']}</span>
      </div>
      <ul>
        {models.map((model) => (
          <li key={model.id}>
            <ModelRow model={model} isChosen={model.id === chosen} />
          </li>
        ))}
      </ul>
      <p className="hint words-are">{words['words-are']}</p>
    </section>
  )
}

function ModelRow({
  model,
  isChosen,
}: {
  readonly model: NetworkModel
  readonly isChosen: boolean
}): ReactNode {
  const words = useWords(NETWORK_WORDS)
  const { id, kind, price } = model
  return (
    <PlaceLink to={pathOfModel(id)} className="model-cells" isCurrent={isChosen} testId="model-row">
      <span className="model-name">
        <ModelName id={id} />
        <span className="hint">{useWhere(model)}</span>
      </span>
      <span>
        {price && <TierGlyph tier="open" />}
        {price && <span className="unseen">{words['tier-open']}</span>}
      </span>
      <span className="model-price">
        {price ? (
          <>
            <Amount of={wordsPrice({ kind, price })} />
            <span className="unseen">{words['per-words']}</span>
          </>
        ) : (
          <span className="unseen">{words['price-none']}</span>
        )}
      </span>
    </PlaceLink>
  )
}

/** A model's name, which may be long: its line ends behind a slash rather than within a word. */
function ModelName({ id }: { readonly id: string }): ReactNode {
  return (
    <bdi dir="ltr">
      {id.split(/(?<=[/:])/).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name never move
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  )
}

/** Where it runs, in one line. */
export function useWhere({ runners }: Pick<NetworkModel, 'runners'>): string {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  if (runners === 0) return words['no-runner']
  return fillText(pluralOf(language, words['on-runners'], runners), { count: formatCount(language, runners) })
}
