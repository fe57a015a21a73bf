import type { ReactNode } from 'react'
import { PlaceLink } from '../shell/place-link.tsx'
import type { Place } from '../shell/places.ts'
import { Chevron } from '../ui/chevron.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'

type Props = {
  readonly title: string
  readonly hint?: ReactNode
  readonly testId?: string
  /** Where it leads: a page of the app, an address outside of it, or something that is done. None: it only says something. */
  readonly to?: `/${Place}` | `/${Place}/${string}`
  readonly href?: string
  readonly onPress?: () => void
  readonly isDangerous?: boolean
}

/** A line of a list of things that can be done. */
export function Row({ title, hint, testId, to, href, onPress, isDangerous = false }: Props): ReactNode {
  const body = (
    <>
      <span>
        <span className={isDangerous ? 'danger' : undefined}>{title}</span>
        {hint !== undefined && <span className="hint">{hint}</span>}
      </span>
      {(to !== undefined || href !== undefined) && <Chevron />}
    </>
  )
  const test = testId === undefined ? {} : { testId }
  return (
    <li>
      {to !== undefined ? (
        <PlaceLink to={to} className="row" {...test}>
          {body}
        </PlaceLink>
      ) : href !== undefined ? (
        <OutsideLink href={href} className="row" {...test}>
          {body}
        </OutsideLink>
      ) : onPress ? (
        <button type="button" className="row" data-testid={testId} onClick={onPress}>
          {body}
        </button>
      ) : (
        <p className="row" data-testid={testId}>
          {body}
        </p>
      )}
    </li>
  )
}
