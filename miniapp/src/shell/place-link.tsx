import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { addressOf, type Place } from './places.ts'

type Props = {
  readonly to: `/${Place}` | `/${Place}/${string}`
  readonly children: ReactNode
  readonly className?: string
  readonly label?: string
  readonly isCurrent?: boolean
  readonly testId?: string
}

/** A link to another page of the app, without loading it anew. */
export function PlaceLink({ to, children, className, label, isCurrent, testId }: Props): ReactNode {
  const telegram = useTelegram()
  return (
    <Link
      href={addressOf(to, location)}
      className={className}
      aria-label={label}
      aria-current={isCurrent ? 'page' : undefined}
      data-testid={testId}
      onClick={() => telegram.haptic('select')}
    >
      {children}
    </Link>
  )
}
