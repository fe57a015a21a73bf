import { type Nano, nano, parseNano } from '../../../protocol/src/money.ts'

/** Earnings are paid out by themselves from this amount on, without a fee. 0.1 TON. */
export const AUTOMATIC_MIN = nano(100_000_000n)
/** The least that is paid out on demand. 0.02 TON. */
export const DEMAND_MIN = nano(20_000_000n)
/** What a payout on demand costs, shown before it is ordered. 0.0005 TON. */
export const DEMAND_FEE = nano(500_000n)

export type PayoutTerms = {
  /** Earnings are paid out by themselves from here on, without a fee. */
  readonly automaticFrom: Nano
  /** The least that is paid out on demand; the fee comes on top. */
  readonly minimum: Nano
  readonly fee: Nano
}

export const PAYOUT_TERMS: PayoutTerms = {
  automaticFrom: AUTOMATIC_MIN,
  minimum: DEMAND_MIN,
  fee: DEMAND_FEE,
}

type TermSettings = {
  readonly PAYOUT_AUTOMATIC_NANO?: string
  readonly PAYOUT_MINIMUM_NANO?: string
  readonly PAYOUT_FEE_NANO?: string
}

/** The operator's terms, or the usual ones. A wrong amount stops the coordinator rather than inventing money. */
export function readPayoutTerms(settings: TermSettings): PayoutTerms {
  const read = (name: keyof TermSettings, usual: Nano): Nano => {
    const text = settings[name]
    const amount = text === undefined ? usual : parseNano(text)
    if (amount === undefined)
      throw new Error(`${name} must be a whole number of nano, got ${JSON.stringify(text)}`)
    return amount
  }
  const terms = {
    automaticFrom: read('PAYOUT_AUTOMATIC_NANO', AUTOMATIC_MIN),
    minimum: read('PAYOUT_MINIMUM_NANO', DEMAND_MIN),
    fee: read('PAYOUT_FEE_NANO', DEMAND_FEE),
  }
  if (terms.automaticFrom === 0n || terms.minimum === 0n)
    throw new Error('a payout of nothing cannot be sent')
  return terms
}
