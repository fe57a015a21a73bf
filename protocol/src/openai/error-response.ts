import { z } from 'zod'

/** Every error of the API (OpenAI's `ErrorResponse`): all four members are always there. */
export const errorResponseSchema = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
})
export type ErrorResponse = z.infer<typeof errorResponseSchema>
