import { z } from 'zod'
import { NANO_MAX, parseNano } from '../money.ts'

/** An amount in a request: a whole number of nanoTON, as a JSON number or as decimal text. Gives a Nano. */
export const amountSchema = z.unknown().transform((value, context) => {
  const amount = parseNano(value)
  if (amount !== undefined) return amount
  context.addIssue({
    code: 'custom',
    message: `An amount is a whole number of nanoTON from 0 to ${NANO_MAX}, as a number or decimal text.`,
  })
  return z.NEVER
})

/** An amount in an answer: decimal text, since JSON's numbers lose digits in other languages. */
export const amountTextSchema = z.string().regex(/^(0|[1-9][0-9]{0,15})$/)

/** A moment in an answer: Unix seconds, as in OpenAI's API. */
export const unixSecondsSchema = z.int().min(0)
