import type { RunnerId } from '../../../protocol/src/ids.ts'
import type { Ask, Hello } from '../../../protocol/src/runner/up.ts'
import { audienceOf } from './audience.ts'
import type { LinkFacts } from './desk.ts'
import type { KnownRunner } from './greet-runner.ts'

/** Puts together what is known of a link: from the runner's hello, from its owner, and from where it came in. */
export function makeLinkFacts(
  hello: Hello,
  owners: { readonly runner: KnownRunner; readonly ask: Ask | undefined },
  link: { readonly linkId: string; readonly region: string | null; readonly nowMs: number },
): LinkFacts {
  const { runner, ask = hello.ask } = owners
  return {
    linkId: link.linkId,
    runnerId: hello.runnerId as RunnerId,
    ledgerId: runner.ledgerId,
    ownerId: runner.accountId,
    ...audienceOf(runner),
    publicKey: runner.publicKey,
    manifestDigest: hello.manifestDigest,
    contextTokens: hello.contextTokens,
    // Each once: what survives hibernation has 2 KB.
    features: [...new Set(hello.features)],
    engine: hello.engine,
    device: hello.device,
    slots: hello.slots,
    tokensPerSecond: hello.tokensPerSecond,
    ask,
    ownAsk: hello.ask,
    region: link.region,
    linkedAtMs: link.nowMs,
  }
}
