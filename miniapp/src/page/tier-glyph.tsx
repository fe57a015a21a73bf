import type { ReactNode } from 'react'

/** The tier `open`, as the bot writes it: ○, no silk around anything. */
export function TierGlyph(): ReactNode {
  return (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="4.2" />
    </svg>
  )
}
