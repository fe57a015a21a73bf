import { type ReactNode, useId, useState } from 'react'
import { nano, parseNano } from '../../../../protocol/src/money.ts'
import { formatCount } from '../../network/price-words.ts'
import { ageWords } from '../../ui/age-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { FactList } from '../fact-list.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import { type LoggedRequest, lampOfState, momentWords, reasonOf, timeWords } from './request-words.ts'

type Props = { readonly request: LoggedRequest; readonly nowMs: number }

/** A request in two lines; a tap shows all that is known of it. */
export function RequestRow({ request, nowMs }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { model, tier, state, charge_nano, created_at_ms } = request
  return (
    <li className="request-row" data-testid="request-row" data-state={state}>
      <button
        type="button"
        className="request-head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <i className={`lamp ${lampOfState(state)}`} />
        <span className="request-model with-glyph">
          <bdi dir="ltr">{model}</bdi>
          <TierGlyph tier={tier} />
          {state === 'done' && <span className="unseen">{words['state-done']}</span>}
        </span>
        <Amount of={parseNano(charge_nano) ?? nano(0n)} />
        <span className="hint request-facts">
          <span>{useShortFacts(request)}</span>
          <span>{ageWords(language, nowMs - created_at_ms)}</span>
        </span>
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && <AllFacts request={request} />}
      </div>
    </li>
  )
}

/** Tokens and times where it was answered, else what became of it. */
function useShortFacts({ state, ...request }: LoggedRequest): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const { prompt_tokens, completion_tokens, first_delta_ms: first, took_ms: took } = request
  const count = (value: number) => formatCount(language, value)
  const times = [first, took].filter((ms) => ms !== null).map((ms) => timeWords(language, ms))
  return (
    <>
      {state !== 'done' && `${words[`state-${state}`]} · `}
      <bdi dir="ltr">
        {count(prompt_tokens)} → {count(completion_tokens)}
      </bdi>
      {times.map((time, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two times in their order
        <span key={at}>
          {' · '}
          <bdi>{time}</bdi>
        </span>
      ))}
    </>
  )
}

function AllFacts({ request }: { readonly request: LoggedRequest }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const reason = reasonOf(request)
  const count = (value: number | string) => formatCount(language, BigInt(value))
  const time = (ms: number | null) => (ms === null ? undefined : timeWords(language, ms))
  return (
    <div className="column">
      {reason && (
        <p>
          {words[`reason-${reason}`]}{' '}
          <bdi dir="ltr" className="hint">
            {request.reason}
          </bdi>
        </p>
      )}
      <FactList
        facts={[
          { name: words['fact-state'], value: words[`state-${request.state}`] },
          { name: words['fact-when'], value: momentWords(language, request.created_at_ms) },
          { name: words['fact-key'], value: request.key_name ?? words['no-key'] },
          { name: words['fact-kind'], value: words[`kind-${request.kind}`] },
          { name: words['fact-tier'], value: words[`tier-${request.tier}`] },
          {
            name: words['fact-tokens'],
            value: `${count(request.prompt_tokens)}, ${count(request.completion_tokens)}`,
          },
          { name: words['fact-first'], value: time(request.first_delta_ms) },
          { name: words['fact-took'], value: time(request.took_ms) },
          { name: words['fact-cost'], value: count(request.charge_nano) },
        ]}
      />
      <CodeBlock text={request.id} label={words['fact-job']} />
    </div>
  )
}
