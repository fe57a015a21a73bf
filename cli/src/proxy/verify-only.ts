import { createVerdictCache } from '../../../protocol/src/attestation/verdict-cache.ts'
import type { VerificationDocument } from '../../../protocol/src/attestation/verification-document.ts'
import { type DirectoryRunner, readDirectory } from '../../../protocol/src/sealed/directory.ts'
import { createJudge, type Judged } from '../../../protocol/src/sealed-client/judge-runner.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type Output, printable } from '../output.ts'
import { documentLines } from './document-lines.ts'
import type { SealedTier } from './proxy-options.ts'

export type VerifyOnlyDeps = {
  readonly network: SealedNetwork
  readonly trust: SealTrust
  readonly nowMs: () => number
  readonly output: Output
}
export type VerifyOnlyWish = {
  readonly model: string
  readonly tier: SealedTier
  readonly manifestDigest: string | undefined
}

/** Runners whose evidence is shown. */
const SHOWN_MAX = 100

/** Checks every runner of a model as the proxy would, and shows each step. Fails unless at least one passes. */
export async function verifyOnly(deps: VerifyOnlyDeps, wish: VerifyOnlyWish): Promise<ExitCode> {
  const { network, trust, nowMs, output } = deps
  const { model, tier } = wish
  const reply = await network.readDirectory(model, tier)
  if (!reply.ok) return say(output, reply.reason)
  const read = await readDirectory(reply.value, nowMs())
  if (!read.ok) return say(output, read.reason)
  const { directory } = read
  if (directory.model !== model || directory.tier !== tier) return say(output, 'directory-of-another')
  const manifestDigest = wish.manifestDigest ?? directory.manifest_digest
  const memory = { verdicts: createVerdictCache(), seen: trust.pins.seen }
  const asked = { model, tier, features: [], manifestDigest }
  const judge = await createJudge({ ...deps, random: () => 0 }, memory, asked, undefined)
  if (!judge.ok) return say(output, judge.reason)
  const kind = tier === 'own' ? 'paired' : 'tee'
  let passed = 0
  for (const runner of directory.runners.filter((one) => one.kind === kind).slice(0, SHOWN_MAX)) {
    const judged = await judge.judge(runner)
    if (judged.ok) passed += 1
    show(output, runner, judged)
  }
  if (passed === 0) return say(output, 'none-passed')
  if (!output.isJson) output.line(`${passed} of this model's runners would be sealed to.`)
  return EXIT.ok
}

function show(output: Output, { runner_id, epoch }: DirectoryRunner, judged: Judged): void {
  const document: VerificationDocument | undefined = judged.ok ? judged.candidate.document : judged.document
  const verdict = judged.ok ? 'accepted' : 'refused'
  const why = judged.ok ? null : judged.why
  if (output.isJson)
    return output.event({
      event: 'runner-verified',
      runner: runner_id,
      epoch,
      verdict,
      why,
      document: document ?? null,
    })
  output.line(`${judged.ok ? '✓' : '✗'} ${printable(runner_id)}, keys of hour ${epoch}: ${why ?? 'accepted'}`)
  const isPaired = document === undefined && judged.ok
  if (isPaired) output.line('    its keys are signed by the identity that you confirmed')
  for (const line of document ? documentLines(document) : []) output.line(`    ${line}`)
}

function say(output: Output, reason: string): ExitCode {
  if (output.isJson) output.event({ event: 'verify-failed', reason })
  output.problem(`No runner would be sealed to: ${printable(reason)}.`)
  return reason === 'unreachable' ? EXIT.unreachable : EXIT.failed
}
