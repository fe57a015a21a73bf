import { hostname } from 'node:os'
import { z } from 'zod'
import {
  pairingCodeSchema,
  pairResponseSchema,
  pairSigningText,
} from '../../../protocol/src/runner/pairing.ts'
import { updateConfigFile } from '../config/config.ts'
import { openIdentity, signText } from '../identity/identity.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { CommandContext } from './run-cli.ts'

const PAIR_TIMEOUT_MS = 20_000
const ANSWER_MAX_CHARS = 10_000

const errorSchema = z.object({ error: z.object({ message: z.string().max(300) }) })

/** Joins this machine to its owner's account, and remembers where the network is. */
export async function pairCommand({ args, config, dataDir, output }: CommandContext): Promise<ExitCode> {
  const code = pairingCodeSchema.safeParse(args.join(''))
  if (!code.success) {
    output.problem(`${code.error.issues[0]?.message} Action: sharnaqa-runner pair <code>`)
    return EXIT.usage
  }
  if (!config.coordinator) {
    output.problem('It is not known which network to join. Action: add --coordinator https://…')
    return EXIT.usage
  }
  const opened = await openIdentity(dataDir)
  if (!opened.ok) {
    output.problem(opened.sentence)
    return EXIT.usage
  }
  const { privateKey, publicKey } = opened.identity
  const name = config.name ?? (hostname().slice(0, 64) || 'runner')
  const signature = await signText(privateKey, pairSigningText(code.data, publicKey))
  const answer = await post(config.coordinator, { code: code.data, publicKey, name, signature })
  if (!answer.ok) {
    output.problem(answer.sentence)
    return answer.exitCode
  }
  await updateConfigFile(dataDir, { coordinator: config.coordinator, name })
  output.line(
    output.mode === 'json'
      ? JSON.stringify({ event: 'runner-paired', runnerId: answer.runnerId, name: answer.name })
      : `${answer.name} is paired (${answer.runnerId}). Next: sharnaqa-runner start`,
  )
  return EXIT.ok
}

type PairAnswer =
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
