import { isEpochOpen } from '../../../protocol/src/sealed/epoch-open.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import type { Desk, Link } from './desk.ts'

/** Keys of one link: of two kinds, and of two epochs where one is about to take the other's place. */
export const KEYS_PER_LINK = 4

/** Puts keys in the place of all that a link had. */
export function setSealedKeys({ sealedLinks }: Desk, link: Link, keys: readonly SealedKey[]): void {
  for (const { evidenceDigest } of link.sealedKeys) {
    const holders = sealedLinks.get(evidenceDigest)
    holders?.delete(link)
    if (holders?.size === 0) sealedLinks.delete(evidenceDigest)
  }
  link.sealedKeys = keys.slice(-KEYS_PER_LINK)
  for (const { evidenceDigest } of link.sealedKeys) {
    const holders = sealedLinks.get(evidenceDigest) ?? new Set()
    sealedLinks.set(evidenceDigest, holders.add(link))
  }
}

/** Adds a key. It takes the place of the one that its runner had for the same epoch. */
export function addSealedKey(desk: Desk, link: Link, key: SealedKey): void {
  const others = link.sealedKeys.filter(({ kind, epoch }) => kind !== key.kind || epoch !== key.epoch)
  setSealedKeys(desk, link, [...others, key])
}

/** Takes a key away: its runner has it no more. */
export function dropSealedKey(desk: Desk, link: Link, { evidenceDigest }: SealedKey): void {
  const kept = link.sealedKeys.filter((key) => key.evidenceDigest !== evidenceDigest)
  if (kept.length < link.sealedKeys.length) setSealedKeys(desk, link, kept)
}

/** True while a key may be named by a request: in time, and judged by the policy that counts now. */
export function isKeyGood({ deps, seals }: Desk, key: SealedKey): boolean {
  const nowMs = deps.nowMs()
  const isJudged = key.kind === 'paired' || key.policySeq >= seals.policySeq
  return isJudged && key.untilMs > nowMs && isEpochOpen(key.epoch, nowMs)
}
