import type { ReactNode } from 'react'

const PATHS = {
  passed: 'm5 12.5 4.5 4.5L19 7.5',
  refused: 'm7 7 10 10M17 7 7 17',
  pending: 'M12 6.5V12l3.5 2.5M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0',
  none: 'M6 12h12',
} as const

type Verdict = 'passed' | 'refused' | 'skipped' | 'unreached' | 'pending' | 'unknown'

/** What a step said, as a sign; its words stand beside it. */
export function StepMark({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const sign = verdict === 'passed' || verdict === 'refused' || verdict === 'pending' ? verdict : 'none'
  return (
    <svg className="step-sign" data-verdict={verdict} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[sign]} />
    </svg>
  )
}
