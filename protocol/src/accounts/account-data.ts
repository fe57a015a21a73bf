import { z } from 'zod'
import { amountSchema } from './amount.ts'

/** `DELETE /v1/account`: what is left out is as much as nothing. */
export const deleteAccountRequestSchema = z.strictObject({
  /** How many of its own coins, in nano, the person gives up with the account. More than that is refused. */
  give_up_nano: amountSchema.optional(),
})
