import type { ReactNode } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { Sentence } from '../../words/words-context.tsx'
import type { Spent } from './key-form.ts'

/** How much of a limit is used, in words, and as a bar for who sees it. */
export function SpentBar({ spent, text }: { readonly spent: Spent; readonly text: string }): ReactNode {
  const { percent } = spent
  return (
    <div className="spent">
      <p className="hint">
        <Sentence text={text} spent={<Amount of={spent.spent} />} limit={<Amount of={spent.limit} />} />
      </p>
      <div className={percent === 100 ? 'spent-bar full' : 'spent-bar'} aria-hidden="true">
        <i style={{ inlineSize: `${percent}%` }} />
      </div>
    </div>
  )
}
