import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { formatCount } from '../../network/price-words.ts'
import { waitWords } from '../../network/wait-words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Amount } from '../../ui/amount.tsx'
import { Chevron } from '../../ui/chevron.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { useWide } from '../../ui/use-wide.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { FactList } from '../fact-list.tsx'
import { timeWords } from '../requests/request-words.ts'
import { type ApiTrouble, figuresOf, isOver, type Run } from './next-run.ts'
import { headingOf, troubleText } from './trouble-words.ts'
import { PLAYGROUND_WORDS } from './words/words.ts'

type Props = { readonly run: Run | undefined; readonly onStop: () => void }

/** What came back: the answer as it is written, what it used and took, or what the API refused. */
export function AnswerCard({ run, onStop }: Props): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const card = useShownFrom(run?.startedMs)
  return (
    <article className="card column answer-card" ref={card}>
      <div className="title-row answer-head">
        <h2>{words.answer}</h2>
        {run && !isOver(run) && (
          <button type="button" className="button quiet" data-testid="playground-stop" onClick={onStop}>
            {words.stop}
          </button>
        )}
      </div>
      {run ? <Answer run={run} /> : <p className="hint">{words.empty}</p>}
    </article>
  )
}

/** Brings the answer into view when it is asked for: on a phone it stands below what was typed. */
function useShownFrom(startedMs: number | undefined): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null)
  const isWide = useWide()
  useEffect(() => {
    if (startedMs === undefined) return
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    card.current?.scrollIntoView({
      block: isWide ? 'nearest' : 'start',
      behavior: isStill ? 'instant' : 'smooth',
    })
  }, [startedMs, isWide])
  return card
}

function Answer({ run }: { readonly run: Run }): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const says = usePhaseWords(run)
  const isEmpty = run.phase === 'done' && run.text === ''
  return (
    <>
      {run.reasoning !== '' && (
        <details className="thought">
          <summary>{words.thought}</summary>
          <p dir="auto">{run.reasoning}</p>
        </details>
      )}
      <div className="answer-text" dir="auto" data-testid="playground-answer" data-phase={run.phase}>
        {isEmpty ? words['no-text'] : run.text}
      </div>
      {!isOver(run) && <div className="thread" />}
      <p className="hint" role="status">
        {says}
      </p>
      {run.trouble && <Trouble trouble={run.trouble} />}
      <Figures run={run} />
    </>
  )
}

function usePhaseWords({ phase, queue, isCut }: Run): string {
  const { language } = useSpeech()
  const words = useWords(PLAYGROUND_WORDS)
  if (phase === 'queued' && queue) {
    return fillText(words.queued, {
      place: formatCount(language, queue.place),
      wait: waitWords(language, queue.waitSeconds),
    })
  }
  if (phase === 'done' && isCut) return words.cut
  if (phase === 'failed') return ''
  return words[phase === 'queued' ? 'asking' : phase]
}

function Trouble({ trouble }: { readonly trouble: ApiTrouble }): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const heading = headingOf(trouble)
  return (
    <div className="column" data-testid="playground-trouble">
      <p role="alert">{words[heading]}</p>
      <CodeBlock text={troubleText(trouble)} label={words['api-says']} />
      {heading === 'trouble-funds' && (
        <PlaceLink to="/wallet" className="link">
          {words['to-wallet']}
          <Chevron />
        </PlaceLink>
      )}
    </div>
  )
}

function Figures({ run }: { readonly run: Run }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(PLAYGROUND_WORDS)
  const { used, requestId, jobId } = run
  const { firstTokenMs, tookMs, tokensPerSecond } = figuresOf(run)
  const count = (value: number | undefined) =>
    value === undefined ? undefined : formatCount(language, value)
  const time = (ms: number | undefined) => (ms === undefined ? undefined : timeWords(language, ms))
  const speed = tokensPerSecond === undefined ? undefined : Math.max(1, Math.round(tokensPerSecond))
  if (!isOver(run) && firstTokenMs === undefined) return null
  return (
    <div data-testid="playground-figures">
      <FactList
        facts={[
          { name: words['fact-read'], value: count(used?.promptTokens) },
          { name: words['fact-written'], value: count(used?.completionTokens) },
          {
            name: words['fact-cost'],
            value: used?.cost === undefined ? undefined : <Amount of={used.cost} />,
          },
          { name: words['fact-first'], value: time(firstTokenMs) },
          { name: words['fact-speed'], value: count(speed) },
          { name: words['fact-took'], value: time(tookMs) },
          { name: words['fact-request'], value: requestId && <Id text={requestId} /> },
          { name: words['fact-job'], value: jobId && <Id text={jobId} /> },
        ]}
      />
      {tookMs !== undefined && <p className="hint">{words.measured}</p>}
    </div>
  )
}

/** Something by which support and logs find the request again. */
function Id({ text }: { readonly text: string }): ReactNode {
  return (
    <bdi dir="ltr">
      <code>{text}</code>
    </bdi>
  )
}
