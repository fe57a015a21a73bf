import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { type ChatBody, CODE_LANGUAGES, helloBody, KEY_PLACE, writeExample } from './examples.ts'

type ExecFile = (
  file: string,
  args: readonly string[],
  done: (error: Error | null, stdout: string) => void,
) => void

// By a name that the compiler does not see: the Mini App has no types of Node, and only this test needs a shell.
const NODE = 'node:child_process'
const { execFile } = (await import(/* @vite-ignore */ NODE)) as { execFile: ExecFile }
const run = (file: string, args: readonly string[]) =>
  new Promise<string>((resolve, reject) =>
    execFile(file, args, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  )

const BASE = 'https://network.example/v1'
const KEY = 'sk-shq-0123456789'

/** Everything that a shell, JSON, JavaScript or Python could trip over. */
const NASTY = `it's "quoted" $(rm -r ~) \`whoami\` \\n \\' %s !! {x} #{y}
second line\ttab \u2028 \u{1f41b} \u0007 مرحبا </script>'''"""`

const plain = helloBody('silkworm')
const full: ChatBody = {
  model: "qwen/it's",
  messages: [
    { role: 'system', content: NASTY },
    { role: 'user', content: NASTY },
  ],
  temperature: 0.7,
  max_tokens: 64,
  tier: 'own',
}
const streamed: ChatBody = { ...full, stream: true, stream_options: { include_usage: true } }
const BODIES = [
  ['the first one', plain],
  ['one with everything', full],
  ['a streamed one', streamed],
] as const

test('the first example is as short as it can be', () => {
  expect(writeExample('curl', { baseUrl: BASE, key: KEY_PLACE, body: plain })).toBe(
    `curl https://network.example/v1/chat/completions \\
  -H "Authorization: Bearer YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
  "model": "silkworm",
  "messages": [{
    "role": "user",
    "content": "Hello"
  }]
}'`,
  )
  expect(writeExample('python', { baseUrl: BASE, key: KEY_PLACE, body: plain })).toBe(
    `from openai import OpenAI

client = OpenAI(
    base_url="https://network.example/v1",
    api_key="YOUR_KEY",
)

answer = client.chat.completions.create(
    model="silkworm",
    messages=[
        {"role": "user", "content": "Hello"},
    ],
)

print(answer.choices[0].message.content)
print(answer.usage)`,
  )
})

test('the key is in every example where it belongs, and once', () => {
  for (const language of CODE_LANGUAGES) {
    const code = writeExample(language, { baseUrl: BASE, key: KEY, body: plain })
    expect(code.split(KEY)).toHaveLength(2)
    expect(code).toContain(BASE)
  }
})

test.each(BODIES)('a shell passes %s on to curl as it is, and runs nothing of it', async (_, body) => {
  const command = writeExample('curl', { baseUrl: BASE, key: KEY, body })
  const stdout = await run('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`])
  const args = stdout.split('\0').slice(0, -1)
  expect(args.includes('-N')).toBe(body.stream === true)
  expect(args.slice(-6, -1)).toEqual([
    '-H',
    `Authorization: Bearer ${KEY}`,
    '-H',
    'Content-Type: application/json',
    '-d',
  ])
  expect(JSON.parse(args.at(-1) ?? '')).toEqual(body)
})

test.each(BODIES)("OpenAI's own package sends %s from the JavaScript as it is", async (_, body) => {
  const code = writeExample('javascript', { baseUrl: BASE, key: KEY, body })
  const [first = '', ...rest] = code.split('\n')
  expect(first).toBe('import OpenAI from "openai";')
  const { requests, fetch } = fakeNetwork(body.stream === true)
  const said = await runScript(rest.join('\n'), fetch)
  expect(requests).toEqual([{ url: `${BASE}/chat/completions`, key: `Bearer ${KEY}`, body }])
  expect(said).toContain('Hi you')
  expect(said).toContain('1234')
})

const hasPython = await run('python3', ['-V']).then(
  () => true,
  () => false,
)
test.skipIf(!hasPython).each(BODIES)('Python reads %s as it is', async (_, body) => {
  const code = writeExample('python', { baseUrl: BASE, key: KEY, body })
  const stdout = await run('python3', ['-c', READ_CALLS, code])
  const [client, create] = JSON.parse(stdout) as [unknown, Record<string, unknown>]
  expect(client).toEqual({ base_url: BASE, api_key: KEY })
  const { extra_body: extra, ...sent } = create
  expect({ ...sent, ...(extra as object | undefined) }).toEqual(body)
})

/** Prints the named arguments of the calls of `OpenAI` and `create` in a program. */
const READ_CALLS = `
import ast, json, sys
calls = [n for n in ast.walk(ast.parse(sys.argv[1])) if isinstance(n, ast.Call) and n.keywords]
named = [c for c in calls if getattr(c.func, 'id', getattr(c.func, 'attr', '')) in ('OpenAI', 'create')]
print(json.dumps([{k.arg: ast.literal_eval(k.value) for k in c.keywords} for c in named]))
`

/** Runs an example with OpenAI's package, all but its network. Gives what it printed. */
async function runScript(code: string, fetch: typeof globalThis.fetch): Promise<string> {
  class Client extends OpenAI {
    constructor(options: ConstructorParameters<typeof OpenAI>[0]) {
      super({ ...options, fetch })
    }
  }
  const said: string[] = []
  const say = (...parts: unknown[]) =>
    void said.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '))
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<void>
  const script = new AsyncFunction('OpenAI', 'console', 'process', code)
  await script(Client, { log: say }, { stdout: { write: say } })
  return said.join('')
}

const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost_nano: 1234 }

function fakeNetwork(isStream: boolean) {
  const requests: unknown[] = []
  const chunks = [
    { choices: [{ delta: { content: 'Hi ' } }] },
    { choices: [{ delta: { content: 'you' } }] },
    { choices: [], usage: USAGE },
  ]
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
  const fetch = (async (url: string, init: RequestInit) => {
    const key = new Headers(init.headers).get('authorization')
    requests.push({ url, key, body: JSON.parse(String(init.body)) })
    if (!isStream) return Response.json({ choices: [{ message: { content: 'Hi you' } }], usage: USAGE })
    return new Response(events.map((event) => `data: ${event}\n\n`).join(''), {
      headers: { 'content-type': 'text/event-stream' },
    })
  }) as typeof globalThis.fetch
  return { requests, fetch }
}
