import type { ReactNode } from 'react'

export type Tier = 'open' | 'own' | 'confidential'

/** The more silk around the dot, the fewer can read it: a bare dot, half wrapped, wrapped. In text: ○ ◐ ●. */
export function TierGlyph({ tier = 'open' }: { readonly tier?: Tier }): ReactNode {
  return (
    <svg className="glyph" data-tier={tier} viewBox="0 0 16 16" aria-hidden="true">
      <circle className="dot" cx="8" cy="8" r="2" />
      {tier !== 'open' && <path d="M8 1.5C4.6 1.5 3.2 4.6 3.2 8S4.6 14.5 8 14.5" />}
      {tier === 'confidential' && <path d="M8 1.5c3.4 0 4.8 3.1 4.8 6.5s-1.4 6.5-4.8 6.5" />}
    </svg>
  )
}
