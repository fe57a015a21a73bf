import type { ReactNode } from 'react'
import { Page } from '../../shell/page.tsx'
import { useGo } from '../../shell/use-go.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { CodeCard } from './code-card.tsx'
import { FirstEarned } from './first-earned.tsx'
import type { KeptPairing } from './kept-pairing.ts'
import type { Pairing } from './pairing-steps.ts'
import { StepsCard } from './steps-card.tsx'
import { TryCard } from './try-card.tsx'
import { usePairingProgress, useStartedPairing } from './use-pairing.ts'
import { ADD_WORDS } from './words/words.ts'

/** From one line in a terminal to the first coin. */
export function AddPage(): ReactNode {
  const words = useWords(ADD_WORDS)
  const go = useGo()
  const started = useStartedPairing()
  return (
    <Page title={words.add} under={words.under} className="earn add" onBack={() => go('/earn')}>
      <LiveView of={started} skeleton={<AddSkeleton />}>
        {(pairing) => <Adding key={pairing.id} started={pairing} renew={started.renew} />}
      </LiveView>
    </Page>
  )
}

function AddSkeleton(): ReactNode {
  return (
    <>
      <Bone rows={4} />
      <Bone rows={4} />
    </>
  )
}

function Adding({
  started,
  renew,
}: {
  readonly started: KeptPairing
  readonly renew: () => void
}): ReactNode {
  const live = usePairingProgress(started)
  const pairing = 'value' in live ? live.value : undefined
  if (live.state === 'failed' && live.reason === 'pairing_code_not_found') {
    return <Over word="not-known" renew={renew} />
  }
  if (pairing?.state === 'expired') return <Over word="expired" renew={renew} />
  const isStale = live.state === 'stale'
  if (pairing?.state === 'paired') return <Paired pairing={pairing} isStale={isStale} renew={renew} />
  if (started.runnerId !== undefined && live.state === 'loading') {
    return (
      <div className="skeleton column" aria-hidden="true">
        <AddSkeleton />
      </div>
    )
  }
  return (
    <Halves
      first={<CodeCard started={started} />}
      second={<StepsCard pairing={pairing} isStale={isStale} />}
    />
  )
}

function Over({
  word,
  renew,
}: {
  readonly word: 'expired' | 'not-known'
  readonly renew: () => void
}): ReactNode {
  const words = useWords(ADD_WORDS)
  return (
    <div className="card note" data-testid="pairing-expired">
      <p role="status">{words[word]}</p>
      <button type="button" className="button" onClick={renew} data-testid="new-code">
        {words['new-code']}
      </button>
    </div>
  )
}

type PairedProps = { readonly pairing: Pairing; readonly isStale: boolean; readonly renew: () => void }

/** The steps first, and beside them what makes them go on; at the end the first coins in their place. */
function Paired({ pairing, isStale, renew }: PairedProps): ReactNode {
  const words = useWords(ADD_WORDS)
  const hasEarned = pairing.earned > 0n
  const steps = <StepsCard pairing={pairing} isStale={isStale} />
  return (
    <Halves
      first={hasEarned ? <FirstEarned pairing={pairing} /> : steps}
      second={
        <>
          {hasEarned ? steps : pairing.models.length > 0 && <TryCard />}
          <button type="button" className="button quiet" onClick={renew} data-testid="other-computer">
            {words['other-computer']}
          </button>
        </>
      }
    />
  )
}

/** One below the other on a phone, side by side where there is room. */
function Halves({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }): ReactNode {
  return (
    <div className="adding">
      <div className="column">{first}</div>
      <div className="column">{second}</div>
    </div>
  )
}
