import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { Mark } from '../../ui/mark.tsx'
import type { FieldRunner, Network } from '../network.ts'
import { type Box, fieldHeight } from './field-areas.ts'
import { type Places, placeRunners } from './field-places.ts'
import { type Region, readRegion } from './field-regions.ts'
import { AreaName, FieldLegend, FieldList, useFieldSentence } from './field-words.tsx'
import { useField } from './use-field.ts'
import { useWidth } from './use-width.ts'
import './field.css'

type Props = {
  readonly network: Pick<Network, 'field' | 'runners'>
  /** Whose runners the page is about now; all of them without one. */
  readonly model?: string | undefined
  /** What is shown is not what is now: nothing moves. */
  readonly isStill: boolean
}

const NOWHERE: Places = { areas: [], spots: new Map() }

/** Every runner as a point, where it is and as large as it is fast; a thread for each job that it has. */
export function LiveField({ network, model, isStill }: Props): ReactNode {
  const { field } = network
  const sky = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(sky)
  const here = useMemo(() => groupByRegion(field), [field])
  const height = fieldHeight(width, here.size)
  const size = useMemo(() => ({ width, height }), [width, height])
  const before = useRef(NOWHERE.spots)
  const places = useMemo(
    () => (size.width > 0 ? placeRunners(field, size, before.current) : NOWHERE),
    [field, size],
  )
  useEffect(() => {
    before.current = places.spots
  }, [places])
  const aims = useMemo(
    () =>
      field.flatMap((runner) => {
        const spot = places.spots.get(runner.key)
        return spot ? [{ spot, running: runner.running, isMeant: isMeant(runner, model) }] : []
      }),
    [field, places, model],
  )
  useField(canvas, { aims, size, isStill })
  const meant = field.filter((runner) => isMeant(runner, model))
  const say = useFieldSentence()
  return (
    <figure className="card live-field field-place" data-testid="field">
      <div className="field-sky" dir="ltr" ref={sky} style={{ blockSize: height }}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={say(meant, model === undefined ? { runners: network.runners } : {})}
        />
        {field.length === 1 && places.areas.map(({ region, room }) => <Cocoon key={region} room={room} />)}
        {places.areas.map((area) => (
          <AreaName
            key={area.region}
            area={area}
            count={meant.filter(({ region }) => readRegion(region) === area.region).length}
            isAlone={here.size === 1}
          />
        ))}
      </div>
      <figcaption>
        <FieldLegend />
      </figcaption>
      <FieldList here={groupByRegion(meant)} />
    </figure>
  )
}

/** A network of one is the mark itself: its point stands where the mark's dot is. */
function Cocoon({ room }: { readonly room: Box }): ReactNode {
  return (
    <div className="field-cocoon" style={{ left: room.x + room.width / 2, top: room.y + room.height / 2 }}>
      <Mark />
    </div>
  )
}

/** The field while it is on its way, as high as what comes. */
export function FieldBone(): ReactNode {
  const bone = useRef<HTMLDivElement>(null)
  const width = useWidth(bone)
  return (
    <div className="card live-field field-place">
      <div ref={bone} style={{ blockSize: fieldHeight(width, 1) }} />
      <FieldLegend />
    </div>
  )
}

function isMeant({ models }: FieldRunner, model: string | undefined): boolean {
  return model === undefined || models.includes(model)
}

function groupByRegion(field: readonly FieldRunner[]): ReadonlyMap<Region, readonly FieldRunner[]> {
  const here = new Map<Region, FieldRunner[]>()
  for (const runner of field) {
    const region = readRegion(runner.region)
    const others = here.get(region)
    if (others) others.push(runner)
    else here.set(region, [runner])
  }
  return here
}
