import type { ReactNode } from 'react'
import type { Live } from '../../data/use-live.ts'
import type { Network } from '../../network/network.ts'
import { formatCount } from '../../network/price-words.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { OutsideLink } from '../../ui/outside-link.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useApiStatus, useModels } from '../use-build.ts'
import { BUILD_WORDS } from '../words/words.ts'
import { PriceTable } from './price-table.tsx'

/** What everything costs now, and whether it works. */
export function PricesSection(): ReactNode {
  const words = useWords(BUILD_WORDS)
  const models = useModels()
  return (
    <>
      <LiveView
        of={models}
        skeleton={
          <>
            <Bone rows={6} />
            <Bone rows={6} />
          </>
        }
      >
        {(all) => (
          <>
            <article className="card">
              <h2 id="prices">{words['price-table']}</h2>
              {all.length === 0 ? <p>{words['price-empty']}</p> : <PriceTable models={all} />}
              <p className="hint">{words['price-lowest']}</p>
            </article>
            <StatusCard />
          </>
        )}
      </LiveView>
      {models.live.state === 'failed' && <StatusCard />}
    </>
  )
}

type Part = {
  readonly name: string
  readonly lamp: 'well' | 'bad' | 'off'
  readonly says: string
}

/** The API in its parts: which of them would fail a request. */
function StatusCard(): ReactNode {
  const words = useWords(BUILD_WORDS)
  const parts = useParts()
  return (
    <article className="card">
      <h2>{words['status-title']}</h2>
      <ul className="rows parts">
        {parts.map(({ name, lamp, says }) => (
          <li key={name}>
            <i className={`lamp ${lamp}`} />
            <span>{name}</span>
            <bdi>{says}</bdi>
          </li>
        ))}
      </ul>
      <p className="hint json-links">
        {words['status-json']}:{' '}
        {['/v1/network', '/health'].map((path) => (
          <OutsideLink key={path} href={path}>
            <bdi dir="ltr">{path}</bdi>
          </OutsideLink>
        ))}
      </p>
    </article>
  )
}

function useParts(): readonly Part[] {
  const words = useWords(BUILD_WORDS)
  const { health, network } = useApiStatus()
  const answers = { lamp: 'well', says: words['status-answers'] } as const
  const silent = { lamp: 'bad', says: words['status-silent'] } as const
  const unknown = { lamp: 'off', says: words['status-unknown'] } as const
  const isHere = health.state === 'live'
  const api = health.state === 'loading' ? unknown : isHere ? answers : silent
  const database = isHere ? (health.value === 'well' ? answers : silent) : unknown
  return [
    { name: words['status-api'], ...api },
    { name: words['status-database'], ...database },
    { name: words['status-models'], ...useServed(network) },
    { name: words['status-places'], ...usePlaces(network) },
  ]
}

type State = Omit<Part, 'name'>

function useServed(network: Live<Network>): State {
  const share = useShare()
  if (network.state !== 'live') return share(undefined, 0)
  const { models } = network.value
  return share(models.filter(({ runners }) => runners > 0).length, models.length)
}

function usePlaces(network: Live<Network>): State {
  const share = useShare()
  return network.state === 'live' ? share(network.value.freeSlots, network.value.slots) : share(undefined, 0)
}

/** So many of all; undefined: not known. */
function useShare(): (some: number | undefined, all: number) => State {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const count = (value: number) => formatCount(language, value)
  return (some, all) => {
    if (some === undefined) return { lamp: 'off', says: words['status-unknown'] }
    if (all === 0) return { lamp: 'off', says: words['status-none'] }
    return {
      lamp: some > 0 ? 'well' : 'off',
      says: fillText(words['count-of'], { count: count(some), all: count(all) }),
    }
  }
}
