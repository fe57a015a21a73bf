import { z } from 'zod'

// Three vectors are parts of larger files. Each cut gives the same bytes from the same file, so that its hash holds.

/** The example at the end of the draft of chunked OHTTP. */
export function cutDraftExample(text: string): string {
  return text.slice(text.indexOf('\n# Example\n') + 1)
}

const X_WING_KEM_ID = 0x647a
/** Messages of each vector that are kept. */
const MESSAGES_KEPT = 3
// Records keep the order of their members, and with it the bytes.
const hpkeVectorsSchema = z.array(z.record(z.string(), z.unknown()))

/** The vectors of X-Wing, each with its first three messages. */
export function cutXWing(text: string): string {
  const kept = hpkeVectorsSchema
    .parse(JSON.parse(text))
    .filter((vector) => vector.kem_id === X_WING_KEM_ID)
    .map((vector) => ({
      ...vector,
      encryptions: z.array(z.unknown()).parse(vector.encryptions).slice(0, MESSAGES_KEPT),
    }))
  return JSON.stringify(kept, null, 1)
}

const openApiSchema = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
/** The shapes that answers have; what they refer to comes with them. */
const SHAPES = [
  'Batch',
  'CreateChatCompletionResponse',
  'CreateChatCompletionStreamResponse',
  'CreateEmbeddingResponse',
  'ErrorResponse',
  'ListModelsResponse',
  'Model',
] as const
const KEYWORDS: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'anyOf',
  'oneOf',
  'additionalProperties',
  '$ref',
])
const THERE = '#/components/schemas/'
const HERE = '#/$defs/'

/** OpenAI's schemas of answers, as JSON Schema without descriptions. */
export function cutOpenAiSchemas(text: string): string {
  const { schemas } = openApiSchema.parse(JSON.parse(text)).components
  const kept = new Map<string, unknown>()
  const wanted: string[] = [...SHAPES]
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (kept.has(name)) continue
    kept.set(
      name,
      cutSchema(schemas[name], (found) => void wanted.push(found)),
    )
  }
  const $defs = Object.fromEntries([...kept].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const $comment = 'From openai/openai-openapi, openapi.json; MIT licence, Copyright (c) OpenAI.'
  const cut = { $schema: 'https://json-schema.org/draft/2020-12/schema', $comment, $defs }
  return `${JSON.stringify(cut, null, 1)}\n`
}

function cutSchema(schema: unknown, onRef: (name: string) => void): unknown {
  if (Array.isArray(schema)) return schema.map((part) => cutSchema(part, onRef))
  if (typeof schema !== 'object' || schema === null) return schema
  const members = Object.entries(schema)
    .filter(([keyword]) => KEYWORDS.has(keyword))
    .map(([keyword, value]) => [keyword, cutMember(keyword, value, onRef)])
  const cut = Object.fromEntries(members)
  return 'nullable' in schema && schema.nullable === true ? { anyOf: [cut, { type: 'null' }] } : cut
}

function cutMember(keyword: string, value: unknown, onRef: (name: string) => void): unknown {
  if (keyword === '$ref' && typeof value === 'string') {
    onRef(value.slice(THERE.length))
    return value.replace(THERE, HERE)
  }
  if (keyword !== 'properties' || typeof value !== 'object' || value === null) return cutSchema(value, onRef)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cutSchema(part, onRef)]))
}
