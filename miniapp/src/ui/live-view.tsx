import { type ReactNode, useEffect, useState } from 'react'
import type { Live, UsedLive } from '../data/use-live.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { ageWords } from './age-words.ts'
import { useFailureWords } from './failure-words.ts'

type Props<T> = {
  readonly of: UsedLive<T>
  /** The page's own shape while it loads, so that nothing jumps. */
  readonly skeleton: ReactNode
  readonly children: (value: T) => ReactNode
}

/** Something live in its states: a skeleton, the thing, the thing as it was last (dimmed, with its age), or what went wrong and one way on. */
export function LiveView<T>({ of: { live, askAgain }, skeleton, children }: Props<T>): ReactNode {
  const { words } = useSpeech()
  return (
    <div className="column" aria-busy={live.state === 'loading'}>
      <span className="unseen" role="status">
        {live.state === 'loading' ? words.loading : ''}
      </span>
      {live.state === 'loading' && (
        <div className="skeleton column" aria-hidden="true">
          {skeleton}
        </div>
      )}
      {live.state === 'stale' && (
        <Trouble askAgain={askAgain}>
          <StaleWords atMs={live.atMs} />
        </Trouble>
      )}
      {live.state === 'failed' && <Failure live={live} askAgain={askAgain} />}
      {'value' in live && (
        <div className={live.state === 'stale' ? 'column dimmed' : 'column'}>{children(live.value)}</div>
      )}
    </div>
  )
}

function Failure({
  live,
  askAgain,
}: {
  readonly live: Extract<Live<unknown>, { state: 'failed' }>
  readonly askAgain: () => void
}): ReactNode {
  const sentence = useFailureWords()(live)
  return (
    <Trouble askAgain={askAgain}>
      <span role="alert">{sentence}</span>
    </Trouble>
  )
}

/** What went wrong, and the way on. */
export function Trouble({
  children,
  askAgain,
}: {
  readonly children: ReactNode
  readonly askAgain: () => void
}): ReactNode {
  const { words } = useSpeech()
  return (
    <div className="card trouble">
      <p>{children}</p>
      <button type="button" className="button quiet" onClick={askAgain}>
        {words.retry}
      </button>
    </div>
  )
}

const AGE_MS = 5000

/** "The network is out of reach. Last known: 2 minutes ago." */
function StaleWords({ atMs }: { readonly atMs: number }): ReactNode {
  const { language, words } = useSpeech()
  const [nowMs, setNowMs] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), AGE_MS)
    return () => clearInterval(timer)
  }, [])
  const age = ageWords(language, nowMs - atMs)
  return (
    <span role="status">
      {words.stale} {fillText(words['last-known'], { age })}
    </span>
  )
}
