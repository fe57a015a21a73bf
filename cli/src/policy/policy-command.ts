import { readFile, writeFile } from 'node:fs/promises'
import type { PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import type { Bytes } from '../../../protocol/src/bytes.ts'
import { createHttpNetwork } from '../../../protocol/src/sealed-client/http-network.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { readApiAddress } from '../network/api-address.ts'
import { createCoordinatorApi } from '../network/coordinator-api.ts'
import { printable } from '../output.ts'
import type { CommandContext } from '../run-cli.ts'
import { readPins } from '../trust/pins-file.ts'
import { explainPolicy, judgementLines, judgePolicy } from './explain-policy.ts'
import {
  addSignature,
  makeSignerFile,
  type PolicyFile,
  readPolicyFile,
  readSignerFile,
} from './policy-file.ts'

const REPLY_MS = 20_000

/** `policy keygen|sign|publish|show`: what the signers of policies do, and what anybody may look at. */
export async function policyCommand(context: CommandContext): Promise<ExitCode> {
  const [name, ...args] = context.args
  const pins = await readPins(context.flags.pins)
  if (!pins.ok) return usage(context, pins.sentence)
  switch (name) {
    case 'keygen':
      return keygen(context)
    case 'sign':
      return sign(context, args[0], pins.pins)
    case 'publish':
      return publish(context, args[0], pins.pins)
    case 'show':
      return show(context, args[0], pins.pins)
    default:
      return usage(context, 'policy has the commands keygen, sign, publish and show. Action: sharnaqa help')
  }
}

async function keygen(context: CommandContext): Promise<ExitCode> {
  const path = context.flags.out
  if (path === undefined) return usage(context, 'Where shall the key go? Action: add --out <file>')
  const made = await makeSignerFile(path)
  if (!made) return usage(context, `${path} is there already, or its folder is not: no key was made.`)
  if (context.output.isJson) context.output.event({ event: 'key-made', public_key: made.publicKey })
  else {
    context.output.line(`${path} holds the private key: keep it off every machine that is online.`)
    context.output.line(`The public key, for policy-pins.json: ${made.publicKey}`)
  }
  return EXIT.ok
}

async function sign(context: CommandContext, path: string | undefined, pins: PolicyPins): Promise<ExitCode> {
  const { flags, output } = context
  const read = await readFileArgument(path)
  if (!read.ok) return usage(context, read.sentence)
  const signer = flags.signer === undefined ? undefined : await readSignerFile(flags.signer)
  if (!signer)
    return usage(context, 'There is no key to sign with. Action: add --signer <file> of policy keygen')
  const { file } = read
  const policy = file.kind === 'draft' ? file.policy : file.signed.policy
  const document = await addSignature(file, signer)
  const out =
    flags.out ?? (file.kind === 'signed' ? read.path : `${read.path.replace(/\.json$/, '')}.signed.json`)
  await writeFile(out, document)
  const signed = readPolicyFile(document)
  if (signed?.kind !== 'signed') return usage(context, `${read.path} is longer than a policy may be.`)
  const judged = await judgePolicy(signed.signed, pins, Date.now())
  if (output.isJson) output.event({ event: 'policy-signed', file: out, seq: policy.seq, ...judged })
  else {
    for (const line of explainPolicy(policy)) output.line(line)
    const next = judged.missing === 0 ? 'enough: publish it' : `${judged.missing} more needed`
    output.line(`\nSigned into ${out}: ${judged.pinned} of ${pins.threshold} pinned signers, ${next}.`)
  }
  return EXIT.ok
}

async function publish(
  context: CommandContext,
  path: string | undefined,
  pins: PolicyPins,
): Promise<ExitCode> {
  const { output } = context
  const read = await readFileArgument(path)
  if (!read.ok) return usage(context, read.sentence)
  if (read.file.kind === 'draft') return usage(context, `${read.path} is not signed yet. Action: policy sign`)
  const address = readApiAddress(context)
  if (!address.ok) return usage(context, address.sentence)
  const judged = await judgePolicy(read.file.signed, pins, Date.now())
  // What clients would refuse must not become the network's policy: it would stop every sealed job.
  if (judged.refusal !== undefined) {
    output.problem(`Clients with these pins would refuse it: ${judged.refusal}. Nothing was published.`)
    return EXIT.failed
  }
  const reply = await createCoordinatorApi(address)('/v1/policy', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new TextDecoder().decode(read.file.document),
    signal: AbortSignal.timeout(REPLY_MS),
  })
  if (!reply.ok) {
    output.problem(`Not published: ${printable(reply.reason)}.`)
    return reply.reason === 'unreachable' ? EXIT.unreachable : EXIT.refused
  }
  const { seq } = read.file.signed.policy
  if (output.isJson) output.event({ event: 'policy-published', seq, digest: judged.digest })
  else output.line(`Policy ${seq} is in force. Its digest, to be noted on the chain: ${judged.digest}`)
  return EXIT.ok
}

async function show(context: CommandContext, path: string | undefined, pins: PolicyPins): Promise<ExitCode> {
  const { output } = context
  const read = path === undefined ? await readNetworksPolicy(context) : await readFileArgument(path)
  if (!read.ok) {
    output.problem(read.sentence)
    return read.exit ?? EXIT.usage
  }
  const { file } = read
  const policy = file.kind === 'draft' ? file.policy : file.signed.policy
  if (file.kind === 'draft') {
    if (output.isJson) output.event({ event: 'policy', policy, digest: null, refusal: 'not-signed' })
    else for (const line of [...explainPolicy(policy), 'not signed yet']) output.line(line)
    return EXIT.ok
  }
  const judged = await judgePolicy(file.signed, pins, Date.now())
  if (output.isJson) output.event({ event: 'policy', policy, ...judged, refusal: judged.refusal ?? null })
  else for (const line of [...explainPolicy(policy), ...judgementLines(judged, pins)]) output.line(line)
  return judged.refusal === undefined ? EXIT.ok : EXIT.failed
}

type ReadFile =
  | { readonly ok: true; readonly file: PolicyFile; readonly path: string }
  | { readonly ok: false; readonly sentence: string; readonly exit?: ExitCode }

async function readFileArgument(path: string | undefined): Promise<ReadFile> {
  if (path === undefined) return { ok: false, sentence: 'Which file? Action: name the policy’s file' }
  const bytes = await readFile(path).catch(() => undefined)
  if (!bytes) return { ok: false, sentence: `${path} cannot be read.` }
  return toFile(Uint8Array.from(bytes), path)
}

async function readNetworksPolicy(context: CommandContext): Promise<ReadFile> {
  const address = readApiAddress(context)
  if (!address.ok) return address
  const reply = await createHttpNetwork(createCoordinatorApi(address)).readPolicy(
    AbortSignal.timeout(REPLY_MS),
  )
  if (reply.ok) return toFile(reply.value, address.origin)
  const exit = reply.reason === 'unreachable' ? EXIT.unreachable : EXIT.refused
  return { ok: false, sentence: `There is no policy to show: ${printable(reply.reason)}.`, exit }
}

function toFile(bytes: Bytes, path: string): ReadFile {
  const file = readPolicyFile(bytes)
  return file ? { ok: true, file, path } : { ok: false, sentence: `${path} holds no policy.` }
}

function usage({ output }: CommandContext, sentence: string): ExitCode {
  output.problem(sentence)
  return EXIT.usage
}
