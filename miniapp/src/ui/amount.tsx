import type { ReactNode } from 'react'
import { formatTon, type Nano } from '../../../protocol/src/money.ts'
import { formatCount } from '../network/price-words.ts'

/** An amount with its unit, in one piece in every direction of writing. Its title has the last nano. */
export function Amount({ of }: { readonly of: Nano }): ReactNode {
  return (
    <bdi dir="ltr" className="amount" title={`${formatCount('en', of)} nano`}>
      {formatTon(of)}
    </bdi>
  )
}
