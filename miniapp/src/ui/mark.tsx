import type { ReactNode } from 'react'

/** The cocoon, as in mark.svg. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 64 64" aria-hidden="true">
      <path d="M32 4.5c-12.8 0-19.8 12.2-19.8 27.5S19.2 59.5 32 59.5 51.8 47.3 51.8 32 44.8 4.5 32 4.5Z" />
      <path d="M14.4 21.5C22.5 12.5 41.5 12.5 49.6 21.5" />
      <path d="M12.3 33.5C21 23.5 43 23.5 51.7 33.5" opacity=".75" />
      <path d="M14.2 45C23.5 36 40.5 36 49.8 45" opacity=".5" />
      <circle cx="32" cy="33.5" r="4.4" />
    </svg>
  )
}
