import { type ReactNode, useEffect, useState } from 'react'
import { EARN_CARD_ID } from '../landing/earn-card.tsx'
import { ageWords } from '../ui/age-words.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { ModelRow } from './model-row.tsx'
import type { Network } from './network.ts'
import { NetworkSkeleton } from './network-skeleton.tsx'
import { NetworkTotals } from './network-totals.tsx'
import type { NetworkView } from './network-view.ts'

type Props = { readonly view: NetworkView; readonly askAgain: () => void }

/** What runs right now, in its five states. */
export function NetworkNow({ view, askAgain }: Props): ReactNode {
  const { words } = useSpeech()
  const stale = view.state === 'stale'
  return (
    <section className="column" aria-labelledby="now" aria-busy={view.state === 'loading'}>
      <div className="title-row">
        <h2 id="now">{words.now}</h2>
        {view.state === 'live' && <span className="live">{words.live}</span>}
      </div>
      <span className="unseen" role="status">
        {view.state === 'loading' || stale ? words[view.state] : ''}
      </span>
      {stale && <Trouble sentence={<Stale atMs={view.atMs} />} askAgain={askAgain} />}
      {view.state === 'failed' && (
        <Trouble sentence={<span role="alert">{words.failed}</span>} askAgain={askAgain} />
      )}
      {view.state === 'loading' && <NetworkSkeleton />}
      {'network' in view && (
        <div className={stale ? 'column dimmed' : 'column'}>
          {view.network.runners > 0 ? <Working network={view.network} /> : <Empty />}
        </div>
      )}
    </section>
  )
}

function Working({ network }: { readonly network: Network }): ReactNode {
  const { words } = useSpeech()
  return (
    <>
      <NetworkTotals network={network} />
      <ul className="card models" aria-label={words.models}>
        {network.models.map((model) => (
          <ModelRow key={model.id} model={model} />
        ))}
      </ul>
    </>
  )
}

function Empty(): ReactNode {
  const { words } = useSpeech()
  const goThere = () => {
    const card = document.getElementById(EARN_CARD_ID)
    card?.scrollIntoView({ block: 'center' })
    card?.focus({ preventScroll: true })
  }
  return (
    <div className="card note">
      <p>{words.empty}</p>
      <p className="hint">{words['empty-next']}</p>
      <button type="button" className="button" onClick={goThere}>
        {words['empty-action']}
      </button>
    </div>
  )
}

function Trouble({
  sentence,
  askAgain,
}: {
  readonly sentence: ReactNode
  readonly askAgain: () => void
}): ReactNode {
  const { words } = useSpeech()
  return (
    <div className="card trouble">
      <p>{sentence}</p>
      <button type="button" className="button quiet" onClick={askAgain}>
        {words.retry}
      </button>
    </div>
  )
}

const AGE_MS = 5000

function Stale({ atMs }: { readonly atMs: number }): ReactNode {
  const { language, words } = useSpeech()
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), AGE_MS)
    return () => clearInterval(timer)
  }, [])
  return `${words.stale} ${fillText(words['last-known'], { age: ageWords(language, nowMs - atMs) })}`
}
