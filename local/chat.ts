import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import OpenAI from 'openai'
import { formatTon, parseNano } from '../protocol/src/money.ts'

const question = process.argv.slice(2).join(' ').trim()
if (question === '') fail('Ask something: npm run chat -- "What is Sharnaqa?"', 2)
const stateDir = process.env.SHARNAQA_STATE ?? join(import.meta.dirname, '../.sharnaqa')
const started = await readFile(join(stateDir, 'started.json'), 'utf8').then(
  (text) => JSON.parse(text) as { api: string; apiKey: string; models: readonly string[] },
  () => fail('Nothing runs here yet. Start the network in another terminal: npm start', 1),
)

const client = new OpenAI({ baseURL: started.api, apiKey: started.apiKey })
try {
  const { data } = await client.models.list()
  const model =
    process.env.MODEL ?? data.find(({ id }) => started.models.includes(id) && !/minilm|embed/i.test(id))?.id
  if (!model) fail("No chat model is online. Look at the runners' logs in .sharnaqa/logs", 1)
  const stream = await client.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: question }],
  })
  let cost: string | undefined
  for await (const { choices, usage } of stream) {
    process.stdout.write(choices[0]?.delta.content ?? '')
    const nano = parseNano((usage as { cost_nano?: number } | null | undefined)?.cost_nano)
    if (nano !== undefined) cost = formatTon(nano)
  }
  process.stdout.write('\n')
  process.stderr.write(`\n${model}${cost === undefined ? '' : ` · ${cost}`}\n`)
} catch (error) {
  fail(error instanceof Error ? error.message : 'The answer did not come.', 1)
}

function fail(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}
