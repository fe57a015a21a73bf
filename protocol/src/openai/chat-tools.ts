import { z } from 'zod'
import { customIssue } from './request-fault.ts'
import { boundedList, withBoundedDepth } from './request-fields.ts'

/** Functions one request may offer to the model. */
export const TOOLS_MAX = 128

const functionNameSchema = z.string().min(1).max(64)

/** A function the model may call. Passed on to the engine as it came. */
const toolSchema = withBoundedDepth(
  z
    .looseObject({
      type: z.string(),
      function: z.looseObject({
        name: functionNameSchema,
        description: z.string().nullish(),
        parameters: z.record(z.string(), z.unknown()).nullish(),
        strict: z.boolean().nullish(),
      }),
    })
    .superRefine((tool, ctx) => onlyFunctions(tool.type, ctx)),
)

export const toolsSchema = boundedList(toolSchema, { min: 0, max: TOOLS_MAX })

/** Which function is to be called: a word, or one by its name. */
export const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z
    .looseObject({ type: z.string(), function: z.looseObject({ name: functionNameSchema }) })
    .superRefine((choice, ctx) => onlyFunctions(choice.type, ctx)),
])

function onlyFunctions(type: string, ctx: z.core.$RefinementCtx): void {
  if (type === 'function') return
  const message = "Unsupported value for {}: only 'function' is supported."
  ctx.addIssue(customIssue(type, { code: 'unsupported_value', message, path: ['type'] }))
}

/** The form an answer must have. `text` asks for nothing special. Passed on to the engine as it came. */
export const responseFormatSchema = withBoundedDepth(
  z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({
      type: z.literal('json_schema'),
      json_schema: z.looseObject({
        name: functionNameSchema,
        description: z.string().nullish(),
        schema: z.record(z.string(), z.unknown()).nullish(),
        strict: z.boolean().nullish(),
      }),
    }),
  ]),
)
