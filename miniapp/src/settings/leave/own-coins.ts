import { type Nano, nano } from '../../../../protocol/src/money.ts'

type Amounts = {
  readonly available: Nano
  readonly withdrawable: Nano
  readonly accruing: Nano
  readonly payable: Nano
}

/** What leaving would cost. */
export type AtStake = {
  /** Coins that came from outside or were earned: what the coordinator does not delete without being told. */
  readonly own: Nano
  /** Of these, what cannot be withdrawn yet. */
  readonly accruing: Nano
  /** Credit that could never leave: a welcome, Stars. */
  readonly credit: Nano
}

/** What a person loses who leaves now. */
export function atStake({ available, withdrawable, accruing, payable }: Amounts): AtStake {
  return {
    own: nano(withdrawable + payable + accruing),
    accruing,
    credit: nano(available - withdrawable),
  }
}
