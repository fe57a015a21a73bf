import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import type { z } from 'zod'
import {
  chatCompletionChunkSchema,
  chatCompletionSchema,
} from '../../../protocol/src/openai/chat-completion.ts'
import { embeddingResponseSchema } from '../../../protocol/src/openai/embeddings.ts'
import { errorResponseSchema } from '../../../protocol/src/openai/error-response.ts'
import { modelListSchema, modelSchema } from '../../../protocol/src/openai/model-list.ts'

/** OpenAI's name of each shape this API answers with, and our own, stricter schema of it. */
const OWN_SCHEMAS = {
  CreateChatCompletionResponse: chatCompletionSchema,
  CreateChatCompletionStreamResponse: chatCompletionChunkSchema,
  CreateEmbeddingResponse: embeddingResponseSchema,
  ErrorResponse: errorResponseSchema,
  ListModelsResponse: modelListSchema,
  Model: modelSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>
type ShapeName = keyof typeof OWN_SCHEMAS

const FILE = 'openai/openai-schema.json'
const PROJECT = join(import.meta.dirname, '../../..')
const PLACES = [process.env.SHARNAQA_VECTORS, join(PROJECT, '.vectors'), join(PROJECT, '../shared/vectors')]

const openAi = loadOpenAiSchema()
const told = new Set<string>()

/** For tests: expects a value to be what our own schema says and, where OpenAI's published schema is at hand, that. */
export function expectConforms(name: ShapeName, value: unknown): void {
  OWN_SCHEMAS[name].parse(value)
  if (openAi === undefined) {
    tellLeftOut()
    return
  }
  const validate = openAi.getSchema(`openai#/$defs/${name}`)
  if (validate === undefined) throw new Error(`OpenAI's schema has no ${name}`)
  validate(value)
  expect(validate.errors, `${name}: ${JSON.stringify(value)}`).toBe(null)
}

/** Whether OpenAI's schema refuses a value; undefined where the schema is not at hand. */
export function isRefusedByOpenAi(name: ShapeName, value: unknown): boolean | undefined {
  if (openAi !== undefined) return openAi.validate(`openai#/$defs/${name}`, value) === false
  tellLeftOut()
  return undefined
}

function loadOpenAiSchema(): Ajv2020 | undefined {
  const folder = PLACES.find((place) => place !== undefined && existsSync(`${place}/${FILE}`))
  if (folder === undefined) return undefined
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  return ajv.addSchema(JSON.parse(readFileSync(`${folder}/${FILE}`, 'utf8')), 'openai')
}

function tellLeftOut(): void {
  const test = expect.getState().currentTestName ?? 'a test'
  if (told.has(test)) return
  told.add(test)
  process.stderr.write(
    `left out: OpenAI's own schema in "${test}". To run it: SHARNAQA_VECTORS=<folder with ${FILE}>\n`,
  )
}
