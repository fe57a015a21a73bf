import { type ReactNode, useState } from 'react'
import './tap-amount.css'

type Props = {
  /** `1.842 TON`. */
  readonly short: string
  /** The same to the last nano. */
  readonly exact: string
  readonly className?: string
  readonly testId?: string
}

/** An amount in one piece in every direction of writing; a tap shows its last nano, another one the amount again. */
export function TapAmount({ short, exact, className = '', testId }: Props): ReactNode {
  const [isExact, setExact] = useState(false)
  return (
    <button
      type="button"
      className={`tap-amount ${className}`}
      data-testid={testId}
      onClick={() => setExact(!isExact)}
    >
      <bdi dir="ltr" className="amount">
        {isExact ? <span className="exact-amount">{exact}</span> : <Parted amount={short} />}
      </bdi>
    </button>
  )
}

/** The unit is smaller than its number. */
function Parted({ amount }: { readonly amount: string }): ReactNode {
  const at = amount.lastIndexOf(' ')
  return (
    <>
      {amount.slice(0, at)} <small>{amount.slice(at + 1)}</small>
    </>
  )
}
