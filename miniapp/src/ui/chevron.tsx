import type { ReactNode } from 'react'

/** Leads on; in Arabic to the left. */
export function Chevron(): ReactNode {
  return (
    <svg className="chevron" viewBox="0 0 8 12" aria-hidden="true">
      <path d="M1.5 1.5 6 6l-4.5 4.5" />
    </svg>
  )
}
