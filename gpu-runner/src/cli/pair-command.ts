import { hostname } from 'node:os'
import { z } from 'zod'
import { signText } from '../../../protocol/src/ed25519.ts'
import {
  pairingCodeSchema,
  pairResponseSchema,
  pairSigningText,
} from '../../../protocol/src/runner/pairing.ts'
import { updateConfigFile } from '../config/config.ts'
import { openIdentity } from '../identity/identity.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { CommandContext } from './run-cli.ts'

const PAIR_TIMEOUT_MS = 20_000
const ANSWER_MAX_CHARS = 10_000

const errorSchema = z.object({ error: z.object({ message: z.string().max(300) }) })

/** `pair <code>`: joins this machine to its owner's account, and remembers where the network is. */
export async function pairCommand(context: CommandContext): Promise<ExitCode> {
  const { args, output } = context
  const paired = await pairMachine(context, args.join(''))
  if (!paired.ok) {
    output.problem(paired.sentence)
    return paired.exitCode
  }
  output.line(
    output.mode === 'json'
      ? JSON.stringify({ event: 'runner-paired', runnerId: paired.runnerId, name: paired.name })
      : `${paired.name} is paired (${paired.runnerId}). Next: sharnaqa-runner start`,
  )
  return EXIT.ok
}

/** Joins this machine to the account that a code is of. Changes nothing where that is refused. */
export async function pairMachine(
  { config, dataDir }: Pick<CommandContext, 'config' | 'dataDir'>,
  typedCode: string,
): Promise<PairAnswer> {
  const code = pairingCodeSchema.safeParse(typedCode)
  if (!code.success) {
    const sentence = `${code.error.issues[0]?.message} Action: sharnaqa-runner pair <code>`
    return { ok: false, sentence, exitCode: EXIT.usage }
  }
  if (!config.coordinator) {
    const sentence = 'It is not known which network to join. Action: add --coordinator https://…'
    return { ok: false, sentence, exitCode: EXIT.usage }
  }
  const opened = await openIdentity(dataDir)
  if (!opened.ok) return { ok: false, sentence: opened.sentence, exitCode: EXIT.usage }
  const { privateKey, publicKey } = opened.identity
  const name = config.name ?? (hostname().slice(0, 64) || 'runner')
  const signature = await signText(privateKey, pairSigningText(code.data, publicKey))
  const answer = await post(config.coordinator, { code: code.data, publicKey, name, signature })
  if (answer.ok) await updateConfigFile(dataDir, { coordinator: config.coordinator, name })
  return answer
}

export type PairAnswer =
  | { readonly ok: true; readonly runnerId: string; readonly name: string }
  | { readonly ok: false; readonly sentence: string; readonly exitCode: ExitCode }

async function post(coordinator: string, body: unknown): Promise<PairAnswer> {
  const url = `${coordinator.replace(/\/+$/, '')}/v1/runners/pair`
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PAIR_TIMEOUT_MS),
    })
    const json = parseJson((await response.text()).slice(0, ANSWER_MAX_CHARS))
    const paired = pairResponseSchema.safeParse(json)
    if (response.ok && paired.success) return { ok: true, ...paired.data }
    const said = errorSchema.safeParse(json)
    const reason = said.success ? said.data.error.message : `The network answered ${response.status}.`
    return { ok: false, sentence: `Not paired. ${reason}`, exitCode: EXIT.refused }
  } catch {
    // Refused connection, unknown host, or no answer in time: the owner can do the same about each.
    const sentence = `${coordinator} could not be reached. Action: check the address and this machine's network.`
    return { ok: false, sentence, exitCode: EXIT.unreachable }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schemas refuse undefined.
    return undefined
  }
}
