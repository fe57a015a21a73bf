import { join, relative } from 'node:path'
import { styleText } from 'node:util'
import { type Started, startNetwork } from './network.ts'
import { StartError } from './start-error.ts'
import { readStartOptions, type StartOptions } from './start-options.ts'

const root = join(import.meta.dirname, '..')
const read = readStartOptions(process.argv.slice(2), process.env, root)
if (!read.ok) {
  process.stderr.write(`${read.sentence}\n`)
  process.exit(2)
}
const { options } = read
const beganMs = performance.now()
const say = (step: string) => {
  if (!options.json) process.stdout.write(`${styleText('dim', `${seconds()}  ${step}`)}\n`)
}

try {
  const network = await startNetwork(options, say)
  process.stdout.write(
    options.json ? `${JSON.stringify(network.started)}\n` : screen(network.started, options),
  )
  let asked = false
  const leave = () => {
    if (asked) process.exit(1) // asked twice: at once
    asked = true
    say('Stopping: running answers are finished first. Ctrl-C again to stop at once.')
    void network.stop().then(() => process.exit(0))
  }
  process.on('SIGINT', leave)
  process.on('SIGTERM', leave)
} catch (error) {
  process.stderr.write(
    `\n${styleText('red', 'The network did not start.')} ${error instanceof Error ? error.message : ''}\n`,
  )
  if (error instanceof StartError) process.exit(1)
  process.stderr.write(
    `Logs are in ${relative(process.cwd(), join(options.stateDir, 'logs'))}. "npm start -- --reset" starts afresh.\n`,
  )
  process.exit(1)
}

function screen(
  { api, apiKey, miniapp, telegram, ton, models, pins, confidentialModel }: Started,
  { telegram: kind, stateDir }: StartOptions,
): string {
  const bold = (text: string) => styleText('bold', text)
  const dim = (text: string) => styleText('dim', text)
  const chat =
    kind === 'local'
      ? `${bold(telegram ?? '')}   ${dim('a stand-in for Telegram, with the bot')}`
      : kind === 'real'
        ? 'your bot in Telegram'
        : 'npm run chat -- "What is Sharnaqa?"'
  const here = (path: string) => relative(process.cwd(), path) || '.'
  const confidential =
    confidentialModel === undefined
      ? ''
      : `
  ${dim('The confidential tier, in a SIMULATED TEE, which proves nothing: choose it in the Mini App, or for any OpenAI client:')}
  SHARNAQA_API_KEY=${apiKey} npm run sharnaqa -- proxy --api ${miniapp} --pins ${here(pins)} --allow-simulated
`
  return `
  ${bold('Sharnaqa is running.')} ${dim(`Ready after ${seconds()}.`)}

  Chat       ${chat}
  Mini App   ${bold(miniapp)}${
    ton === undefined
      ? ''
      : `\n  TON        ${bold(ton)}   ${dim('a stand-in for TON: explorer, faucet, wallet')}`
  }
  API        ${bold(api)}
  API key    ${apiKey}
  Models     ${models.join(', ')}

  ${dim('Try in another terminal:')}
  npm run chat -- "What is Sharnaqa?"
  curl ${api}/chat/completions -H "Authorization: Bearer ${apiKey}" -H "Content-Type: application/json" \\
    -d '{"model":"${models[0] ?? 'silkworm'}","messages":[{"role":"user","content":"What is Sharnaqa?"}]}'
${confidential}
  ${dim(`Ctrl-C stops everything. State and logs: ${here(stateDir)}`)}

`
}

function seconds(): string {
  return `${((performance.now() - beganMs) / 1000).toFixed(1)} s`
}
