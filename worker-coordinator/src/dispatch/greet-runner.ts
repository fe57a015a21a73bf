import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { verifyEd25519 } from '../../../protocol/src/ed25519.ts'
import type { Audience } from '../../../protocol/src/miniapp/runners.ts'
import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import { type Hello, helloSigningText } from '../../../protocol/src/runner/up.ts'
import { RUNNER_PROTOCOL_MINIMUM } from '../../../protocol/src/runner/version.ts'
import type { Model } from '../models/model-store.ts'

export type Refused = Extract<DownFrame, { type: 'refused' }>

export type KnownRunner = {
  /** The owner's account. */
  readonly accountId: number
  readonly ledgerId: number
  readonly publicKey: string
  readonly state: 'active' | 'paused' | 'removed'
  readonly audience: Audience
  /** With audience `group`: which one. */
  readonly groupId: string | null
}

export type GreetDeps = {
  readonly findRunner: (runnerId: string) => Promise<KnownRunner | undefined>
  readonly findModel: (modelId: string) => Promise<Model | undefined>
  /** Adds the model a runner brings; undefined where the catalog is closed. */
  readonly addModel: (hello: Hello) => Promise<Model | undefined>
}

/** Decides whether a runner's hello stands: its protocol, its key, its owner's wish, its model's files. */
export async function greetRunner(
  deps: GreetDeps,
  hello: Hello,
  link: { readonly nonce: string; readonly runnerId: string; readonly model: string },
): Promise<
  { readonly ok: true; readonly runner: KnownRunner } | { readonly ok: false; readonly refused: Refused }
> {
  if (hello.protocol < RUNNER_PROTOCOL_MINIMUM) {
    return refuse(
      'protocol-too-old',
      `This runner speaks protocol ${hello.protocol}; the network needs ${RUNNER_PROTOCOL_MINIMUM} or newer. Update the runner and start it again.`,
    )
  }
  if (hello.runnerId !== link.runnerId || hello.model !== link.model) {
    return refuse('bad-frame', 'The hello names another runner or model than the link was opened for.')
  }
  const runner = await deps.findRunner(hello.runnerId)
  if (!runner || runner.state === 'removed') {
    return refuse(
      'unknown-runner',
      'The network does not know this runner. Pair it with a code from "Add a GPU".',
    )
  }
  const publicKey = fromBase64Url(runner.publicKey)
  const signature = fromBase64Url(hello.signature)
  const text = helloSigningText(link.nonce, hello)
  if (!publicKey || !signature || !(await verifyEd25519(publicKey, signature, text))) {
    return refuse('bad-signature', "The hello is not signed by this runner's key.")
  }
  if (runner.state === 'paused') return refuse('paused', 'The owner paused this runner.', 'retry')
  const model = (await deps.findModel(hello.model)) ?? (await deps.addModel(hello))
  if (!model) return refuse('unknown-model', `This network does not offer ${hello.model}.`)
  if (model.manifestDigest !== hello.manifestDigest || model.kind !== hello.kind) {
    return refuse(
      'wrong-model-files',
      `The files of ${hello.model} here are not the ones that the network knows by that name. Pull the model again, or serve it under another name.`,
    )
  }
  return { ok: true, runner }
}

export function refuse(
  reason: Refused['reason'],
  sentence: string,
  retry?: 'retry',
): { ok: false; refused: Refused } {
  return { ok: false, refused: { type: 'refused', reason, sentence, retry: retry === 'retry' } }
}
