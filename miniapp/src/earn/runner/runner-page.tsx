import type { ReactNode } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { deviceWords } from '../device-words.ts'
import { EarnFrame } from '../earn-frame.tsx'
import { EarnedCard } from '../fleet/earned-card.tsx'
import { FleetSkeleton } from '../fleet/fleet-skeleton.tsx'
import { useRunner } from '../use-earn.ts'
import { EARN_WORDS } from '../words/words.ts'
import { EarnedEver } from './earned-ever.tsx'
import { JobsCard } from './jobs-card.tsx'
import { ManageCard } from './manage-card.tsx'
import { ModelsCard } from './models-card.tsx'
import { SharingCard } from './sharing-card.tsx'
import { StateCard } from './state-card.tsx'
import { UptimeCard } from './uptime-card.tsx'

const AGE_MS = 5000

/** One runner: how it is doing, what it earned and why not more, what it asks, whom it serves. */
export function RunnerPage({ id }: { readonly id: string }): ReactNode {
  const general = useSpeech().words
  const words = useWords(EARN_WORDS)
  const nowMs = useNow(AGE_MS)
  const runner = useRunner(id)
  const { live } = runner
  const value = 'value' in live ? live.value : undefined
  const isGone = live.state === 'failed' && live.reason === 'runner_not_found'
  return (
    <EarnFrame
      title={value?.name ?? general['place-earn']}
      under={<bdi>{deviceWords(value?.device ?? null, words.processor) ?? '\u00a0'}</bdi>}
      chosenId={id}
    >
      {isGone ? (
        <p className="card" role="status">
          {words['gone-runner']}
        </p>
      ) : (
        <LiveView of={runner} skeleton={<Skeleton />}>
          {(shown) => <Runner runner={shown} nowMs={nowMs} />}
        </LiveView>
      )}
    </EarnFrame>
  )
}

function Skeleton(): ReactNode {
  return (
    <>
      <Bone />
      <FleetSkeleton />
    </>
  )
}

function Runner({ runner, nowMs }: { readonly runner: RunnerDetailJson; readonly nowMs: number }): ReactNode {
  return (
    <>
      <StateCard runner={runner} nowMs={nowMs} />
      <EarnedCard of={runner}>
        <EarnedEver runner={runner} />
      </EarnedCard>
      <ModelsCard runner={runner} />
      <SharingCard runner={runner} />
      <JobsCard runnerId={runner.id} nowMs={nowMs} />
      <UptimeCard runner={runner} nowMs={nowMs} />
      <ManageCard runner={runner} />
    </>
  )
}
