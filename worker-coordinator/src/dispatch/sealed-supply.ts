import type { DirectoryRunner } from '../../../protocol/src/sealed/directory.ts'
import { epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import { competes, mayServeSealed, type Reach } from './audience.ts'
import { keyKindOf } from './choose-candidate.ts'
import { type Desk, estimateWaitSeconds, freeSlotsOf, type Link } from './desk.ts'
import type { LiveJob } from './live-job.ts'
import { isKeyGood } from './sealed-links.ts'

/** Lists the runners that take a caller's sealed requests of a tier now, each with the key to seal to. */
export function takeSealedSupply(desk: Desk, reach: Reach): readonly DirectoryRunner[] {
  return sealedLinksFor(desk, reach).map(({ link, key }) => {
    const { features, contextTokens, tokensPerSecond, ask } = link.facts
    return {
      runner_id: key.runnerId,
      kind: key.kind,
      epoch: key.epoch,
      evidence_digest: key.evidenceDigest,
      until_ms: key.untilMs,
      features: [...features],
      context_tokens: contextTokens,
      tokens_per_second: tokensPerSecond,
      free_slots: Math.max(0, freeSlotsOf(link)),
      price: reach.tier === 'own' ? { input: 0, output: 0 } : { input: ask.input, output: ask.output },
    }
  })
}

/**
 * Whether somebody else is there for a sealed answer that its runner lost: then its client need not wait for that one to
 * come back. In tier `own` only those count that the client named itself: it may not have confirmed the others.
 */
export function canOthersGoOn(desk: Desk, { job, current }: Pick<LiveJob, 'job' | 'current'>): boolean {
  if (job.kind !== 'sealed') return false
  const named = new Set(job.header.cand.map(({ runner_id }) => runner_id))
  return sealedLinksFor(desk, job).some(
    ({ link, key }) =>
      link.facts.runnerId !== current?.runnerId && (job.tier === 'confidential' || named.has(key.runnerId)),
  )
}

/** What serves tier `confidential`, in one line: for those who choose between tiers. */
export type ConfidentialSupply = {
  readonly runners: number
  readonly freeSlots: number
  /** 0 while a slot is free. */
  readonly waitSeconds: number
  /** The mean of its runners. */
  readonly tokensPerSecond: number
  readonly contextTokens: number
  /** The lowest ask on each side, nano per 1,000,000 tokens. */
  readonly price: { readonly input: number; readonly output: number }
}

/** Sums up what serves tier `confidential`; undefined while nobody does. */
export function takeConfidentialSupply(desk: Desk): ConfidentialSupply | undefined {
  const reach: Reach = { tier: 'confidential', caller: { accountId: 0, keyId: undefined } }
  const links = sealedLinksFor(desk, reach).map(({ link }) => link)
  if (links.length === 0) return undefined
  const freeSlots = links.reduce((sum, link) => sum + Math.max(0, freeSlotsOf(link)), 0)
  const ahead = desk.waiting.filter(({ job }) => competes(job, reach)).length
  const speed = links.reduce((sum, { facts }) => sum + facts.tokensPerSecond, 0)
  return {
    runners: links.length,
    freeSlots,
    waitSeconds: freeSlots > 0 ? 0 : estimateWaitSeconds(desk, links, ahead + 1),
    tokensPerSecond: Math.round(speed / links.length),
    contextTokens: Math.max(...links.map(({ facts }) => facts.contextTokens)),
    price: {
      input: Math.min(...links.map(({ facts }) => facts.ask.input)),
      output: Math.min(...links.map(({ facts }) => facts.ask.output)),
    },
  }
}

/** What several objects of a model have together; undefined while none has any. */
export function mergeConfidential(
  parts: readonly (ConfidentialSupply | undefined)[],
): ConfidentialSupply | undefined {
  const served = parts.filter((one) => one !== undefined)
  if (served.length < 2) return served[0]
  const runners = served.reduce((sum, one) => sum + one.runners, 0)
  const speed = served.reduce((sum, one) => sum + one.tokensPerSecond * one.runners, 0)
  return {
    runners,
    freeSlots: served.reduce((sum, one) => sum + one.freeSlots, 0),
    waitSeconds: Math.min(...served.map(({ waitSeconds }) => waitSeconds)),
    tokensPerSecond: Math.round(speed / runners),
    contextTokens: Math.max(...served.map(({ contextTokens }) => contextTokens)),
    price: {
      input: Math.min(...served.map(({ price }) => price.input)),
      output: Math.min(...served.map(({ price }) => price.output)),
    },
  }
}

function sealedLinksFor(desk: Desk, reach: Reach) {
  return [...desk.links.values()].flatMap((link) => {
    const key = link.leaving || !mayServeSealed(link.facts, reach) ? undefined : bestKey(desk, link, reach)
    return key ? [{ link, key }] : []
  })
}

/** The key of this epoch where the link has it; else the one that lasts longest. */
function bestKey(desk: Desk, { sealedKeys }: Link, { tier }: Reach): SealedKey | undefined {
  const kind = keyKindOf(tier)
  const now = epochAt(desk.deps.nowMs())
  const isNow = ({ epoch }: SealedKey) => Number(epoch === now)
  return sealedKeys
    .filter((key) => key.kind === kind && isKeyGood(desk, key))
    .toSorted((one, other) => isNow(other) - isNow(one) || other.untilMs - one.untilMs)[0]
}
