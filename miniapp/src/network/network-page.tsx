import { type ReactNode, useRef } from 'react'
import { useLocation } from 'wouter'
import { Page } from '../shell/page.tsx'
import { useGo } from '../shell/use-go.ts'
import { LiveView } from '../ui/live-view.tsx'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { FieldBone, LiveField } from './field/live-field.tsx'
import { ModelDetail, NoSuchModel } from './model-detail.tsx'
import { ModelTable } from './model-table.tsx'
import './models.css'
import './network.css'
import type { Network } from './network.ts'
import { FactsBone, OwnersBone, TableBone } from './network-bones.tsx'
import { NetworkEmpty } from './network-empty.tsx'
import { NetworkFacts, OwnersToday } from './network-numbers.tsx'
import { modelOfPath } from './network-path.ts'
import { useNetwork } from './use-network.ts'
import { useOwnScroll } from './use-own-scroll.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** What runs now, for everybody; behind a model's name, what runners ask for it. */
export function NetworkPage(): ReactNode {
  const { words: general } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const [pathname] = useLocation()
  const go = useGo()
  const network = useNetwork()
  const chosen = modelOfPath(pathname)
  const content = useRef<HTMLDivElement>(null)
  useOwnScroll(content, chosen)
  const { state } = network.live
  const under =
    state === 'live' ? (
      <span className="live">{words.live}</span>
    ) : (
      general[state === 'loading' ? state : 'stale']
    )
  return (
    <Page
      title={chosen ?? general['place-network']}
      under={under}
      onBack={chosen === undefined ? undefined : () => go('/network')}
    >
      <div className="network" ref={content} data-chosen={chosen === undefined ? undefined : ''}>
        <LiveView of={network} skeleton={<Bones chosen={chosen} />}>
          {(value) => <Shown network={value} chosen={chosen} isStill={state !== 'live'} />}
        </LiveView>
      </div>
    </Page>
  )
}

function Shown({
  network,
  chosen,
  isStill,
}: {
  readonly network: Network
  readonly chosen: string | undefined
  readonly isStill: boolean
}): ReactNode {
  const model = network.models.find(({ id }) => id === chosen)
  return (
    <div className="network-body">
      {network.runners === 0 ? (
        <NetworkEmpty />
      ) : (
        <LiveField network={network} model={model?.id} isStill={isStill} />
      )}
      {network.models.length > 0 && <ModelTable models={network.models} chosen={chosen} />}
      {chosen === undefined ? (
        <div className="column network-numbers">
          <OwnersToday network={network} />
          <NetworkFacts network={network} />
        </div>
      ) : (
        <div className="network-detail">
          {model ? <ModelDetail key={model.id} model={model} /> : <NoSuchModel />}
        </div>
      )}
    </div>
  )
}

function Bones({ chosen }: { readonly chosen: string | undefined }): ReactNode {
  return (
    <div className="network-body">
      <FieldBone />
      <TableBone />
      <div className={chosen === undefined ? 'column network-numbers' : 'column'}>
        <OwnersBone />
        <FactsBone />
      </div>
    </div>
  )
}
