import { amountSchema } from '../accounts/amount.ts'

/** An amount that somebody orders to be moved: a whole number of nano, at least 1. */
export const positiveAmountSchema = amountSchema.refine((amount) => amount > 0n, {
  message: 'An amount to move is at least 1 nano.',
})
