import type { ReactNode } from 'react'
import { formatTon, type Nano } from '../../../protocol/src/money.ts'

/** An earned amount among others: in silk, or a hint where it is nothing. */
export function SilkAmount({ of }: { readonly of: Nano }): ReactNode {
  return (
    <bdi dir="ltr" className={of > 0n ? 'amount silk' : 'amount hint'} title={`${of} nano`}>
      {formatTon(of)}
    </bdi>
  )
}
