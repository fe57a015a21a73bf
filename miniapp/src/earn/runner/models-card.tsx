import { type ReactNode, useState } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { nano, parseNano, pricePerThousandWords } from '../../../../protocol/src/money.ts'
import { formatCount } from '../../network/price-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { AskForm } from './ask-form.tsx'
import { listPricedModels, type PricedModel } from './priced-models.ts'
import { RUNNER_WORDS } from './words/words.ts'

const WORDS_PER_TOKEN = 0.75

/** What it serves, how fast, and what it asks. */
export function ModelsCard({ runner }: { readonly runner: RunnerDetailJson }): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const models = listPricedModels(runner)
  return (
    <article className="card">
      <h2>{words.models}</h2>
      {models.length === 0 && <p className="hint">{words['no-models']}</p>}
      <ul className="rows">
        {models.map((model) => (
          <Model key={model.id} runnerId={runner.id} model={model} />
        ))}
      </ul>
    </article>
  )
}

function Model({ runnerId, model }: { readonly runnerId: string; readonly model: PricedModel }): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const [isOpen, setOpen] = useState(false)
  const facts = useModelFacts(model)
  return (
    <li className="priced" data-testid="runner-model" data-model={model.id}>
      <h3>
        <bdi dir="ltr">{model.id}</bdi>
      </h3>
      <p className="hint">{facts}</p>
      <Prices ask={model.ask} />
      <p className="hint">{words[model.isByOwner ? 'by-owner' : 'by-runner']}</p>
      {isOpen ? (
        <AskForm runnerId={runnerId} model={model} onDone={() => setOpen(false)} />
      ) : (
        <button type="button" className="chip" data-testid="change-ask" onClick={() => setOpen(true)}>
          {words['change-ask']}
        </button>
      )}
    </li>
  )
}

function useModelFacts({ served }: PricedModel): string {
  const { language } = useSpeech()
  const words = useWords(RUNNER_WORDS)
  if (!served) return words['not-served']
  const { slots, running, tokens_per_second: speed } = served
  const perSecond = formatCount(language, Math.max(1, speed * WORDS_PER_TOKEN))
  return [
    speed > 0 ? fillText(words.speed, { count: perSecond }) : words['speed-unknown'],
    fillText(words.busy, { busy: running, slots }),
  ].join(' · ')
}

/** Per 1,000 words for people, per 1M tokens for developers. */
function Prices({ ask }: { readonly ask: PricedModel['ask'] }): ReactNode {
  const words = useWords(RUNNER_WORDS)
  return (
    <table className="prices">
      <thead>
        <tr>
          <th scope="col">{words['ask-for']}</th>
          <th scope="col">{words['column-words']}</th>
          <th scope="col">{words['column-tokens']}</th>
        </tr>
      </thead>
      <tbody>
        {(['output', 'input'] as const).map((side) => {
          const perMillion = parseNano(ask[side]) ?? nano(0n)
          return (
            <tr key={side}>
              <th scope="row">{words[side === 'output' ? 'ask-written' : 'ask-read']}</th>
              <td>
                <Amount of={pricePerThousandWords(perMillion)} />
              </td>
              <td className="hint">
                <Amount of={perMillion} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
