import type { MouseEvent, ReactNode } from 'react'
import { useTelegram } from '../telegram/telegram-context.tsx'

type Props = {
  readonly href: string
  readonly children: ReactNode
  readonly className?: string
  readonly testId?: string
}

/** A link that leaves the app: Telegram opens it, so that the way back is its own. */
export function OutsideLink({ href, children, className, testId }: Props): ReactNode {
  const telegram = useTelegram()
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    telegram.openLink(new URL(href, location.href).href)
  }
  return (
    <a href={href} className={className} data-testid={testId} target="_blank" rel="noreferrer" onClick={open}>
      {children}
    </a>
  )
}
