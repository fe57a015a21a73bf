/** What the examples are written in: for a terminal, and for OpenAI's own packages. */
export const CODE_LANGUAGES = ['curl', 'javascript', 'python'] as const
export type CodeLanguage = (typeof CODE_LANGUAGES)[number]

/** Stands where the person's key belongs. */
export const KEY_PLACE = 'YOUR_KEY'

/** A body of `POST /v1/chat/completions`, as far as the examples and the playground write one. */
export type ChatBody = {
  readonly model: string
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[]
  readonly temperature?: number
  readonly max_tokens?: number
  /** Left out: `open`. */
  readonly tier?: 'own'
  readonly stream?: true
  readonly stream_options?: { readonly include_usage: true }
}

export type Example = { readonly baseUrl: string; readonly key: string; readonly body: ChatBody }

/** The request that everybody begins with. */
export function helloBody(model: string): ChatBody {
  return { model, messages: [{ role: 'user', content: 'Hello' }] }
}

/** Writes a request as code that runs as it is copied. */
export function writeExample(language: CodeLanguage, example: Example): string {
  switch (language) {
    case 'curl':
      return writeCurl(example)
    case 'javascript':
      return writeJavaScript(example)
    case 'python':
      return writePython(example)
    default:
      return language satisfies never
  }
}

function writeCurl({ baseUrl, key, body }: Example): string {
  return [
    `curl ${body.stream ? '-N ' : ''}${baseUrl}/chat/completions \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d ${shellQuoted(jsonOf(body))}`,
  ].join('\n')
}

/** Short lines, so that a phone shows them whole. */
function jsonOf({ model, messages, ...rest }: ChatBody): string {
  const written = messages.map(
    ({ role, content }) => `{\n    "role": "${role}",\n    "content": ${JSON.stringify(content)}\n  }`,
  )
  const fields = [
    `"model": ${JSON.stringify(model)}`,
    `"messages": [${written.join(', ')}]`,
    ...Object.entries(rest).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`),
  ]
  return `{\n${fields.map((field) => `  ${field}`).join(',\n')}\n}`
}

/** Nothing within single quotes means anything to a shell but the quote itself (POSIX, 2.2.2). */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function writeJavaScript({ baseUrl, key, body }: Example): string {
  const { messages, ...rest } = body
  const create = [
    `${body.stream ? 'const stream' : 'const answer'} = await client.chat.completions.create({`,
    `  model: ${JSON.stringify(body.model)},`,
    '  messages: [',
    ...messages.map(({ role, content }) => `    { role: "${role}", content: ${JSON.stringify(content)} },`),
    '  ],',
    ...Object.entries(rest)
      .filter(([name]) => name !== 'model')
      .map(([name, value]) => `  ${name}: ${scriptValue(value)},`),
    '});',
  ]
  const show = body.stream
    ? [
        'for await (const chunk of stream) {',
        '  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");',
        '  if (chunk.usage) console.log("\\n", chunk.usage);',
        '}',
      ]
    : ['console.log(answer.choices[0].message.content);', 'console.log(answer.usage);']
  return [
    'import OpenAI from "openai";',
    '',
    'const client = new OpenAI({',
    `  baseURL: ${JSON.stringify(baseUrl)},`,
    `  apiKey: ${JSON.stringify(key)},`,
    '});',
    '',
    ...create,
    '',
    ...show,
  ].join('\n')
}

function scriptValue(value: unknown): string {
  const isOptions = typeof value === 'object' && value !== null
  return isOptions ? '{ include_usage: true }' : JSON.stringify(value)
}

function writePython({ baseUrl, key, body }: Example): string {
  const { temperature, max_tokens: maxTokens, tier, stream } = body
  const fields = [
    ...(temperature === undefined ? [] : [`temperature=${temperature}`]),
    ...(maxTokens === undefined ? [] : [`max_tokens=${maxTokens}`]),
    ...(stream ? ['stream=True', 'stream_options={"include_usage": True}'] : []),
    // What OpenAI does not have, its package sends only from here.
    ...(tier ? [`extra_body={"tier": "${tier}"}`] : []),
  ]
  const create = [
    `${stream ? 'stream' : 'answer'} = client.chat.completions.create(`,
    `    model=${JSON.stringify(body.model)},`,
    '    messages=[',
    ...body.messages.map(
      ({ role, content }) => `        {"role": "${role}", "content": ${JSON.stringify(content)}},`,
    ),
    '    ],',
    ...fields.map((field) => `    ${field},`),
    ')',
  ]
  const show = stream
    ? [
        'for chunk in stream:',
        '    if chunk.choices:',
        '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
        '    if chunk.usage:',
        '        print("\\n", chunk.usage)',
      ]
    : ['print(answer.choices[0].message.content)', 'print(answer.usage)']
  return [
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${JSON.stringify(baseUrl)},`,
    `    api_key=${JSON.stringify(key)},`,
    ')',
    '',
    ...create,
    '',
    ...show,
  ].join('\n')
}
