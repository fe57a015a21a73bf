import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import { type Desk, type Link, refreshLink } from './desk.ts'
import { pump } from './lease-job.ts'
import { addSealedKey, setSealedKeys } from './sealed-links.ts'

/** Keys that one link may show within `KEYS_WINDOW_MS`: each costs a verification. */
const KEYS_PER_WINDOW = 10
const KEYS_WINDOW_MS = 60_000
/** How often keys are looked at while sealed jobs are open. */
const WATCH_MS = 20_000

/**
 * Takes a link's keys: they are checked one after the other, and what else the link sends goes on meanwhile. Too many
 * are a fault, and are refused unread.
 */
export function receiveKeys(desk: Desk, link: Link, frame: SealKeysFrame): void {
  const { admission } = link
  const nowMs = desk.deps.nowMs()
  while ((admission.sinceMs[0] ?? nowMs) <= nowMs - KEYS_WINDOW_MS) admission.sinceMs.shift()
  if (admission.sinceMs.length >= KEYS_PER_WINDOW) {
    link.strikes += 1
    refreshLink(desk, link)
    return sendVerdict(desk, link, frame, { ok: false, reason: 'too-many-keys' })
  }
  admission.sinceMs.push(nowMs)
  admission.last = admission.last.then(() => admitKeys(desk, link, frame))
}

/** Checks keys, and names them on their link when they hold. */
async function admitKeys(desk: Desk, link: Link, frame: SealKeysFrame): Promise<void> {
  const { deps } = desk
  const { runnerId } = link.facts
  const { publicKey, manifestDigest } = link.facts
  const shown = { runnerId, publicKey, model: deps.model, manifestDigest }
  const admitted = await deps.keys.admit(shown, frame, deps.nowMs())
  // The link may be gone, or be another's, by now.
  if (desk.links.get(link.facts.linkId) !== link) return
  deps.log('seal-keys-checked', {
    runner: runnerId,
    kind: frame.kind,
    ...(admitted.ok ? { evidence: admitted.key.evidenceDigest } : { reason: admitted.reason }),
  })
  if (admitted.ok) addSealedKey(desk, link, admitted.key)
  sendVerdict(desk, link, frame, admitted)
  if (admitted.ok) pump(desk)
}

/**
 * Brings all links' keys up to the newest policy: before anybody is chosen by them, and before they are shown. Keys of
 * TEEs that an older policy judged are checked anew, and those that do not hold are gone.
 */
export async function refreshKeys(desk: Desk): Promise<void> {
  const { seals, deps, links } = desk
  const hasTees = [...links.values()].some(({ sealedKeys }) => sealedKeys.some(({ kind }) => kind === 'tee'))
  if (!hasTees && seals.isRead) return
  const seq = await deps.keys.policySeq(deps.nowMs())
  seals.policySeq = Math.max(seals.policySeq, seq)
  const isBehind = [...links.values()].some(({ sealedKeys }) =>
    sealedKeys.some(({ kind, policySeq }) => kind === 'tee' && policySeq < seals.policySeq),
  )
  if (!isBehind && seals.isRead) return
  seals.reading ??= reloadKeys(desk).finally(() => {
    seals.reading = undefined
  })
  return seals.reading
}

/**
 * While sealed jobs are open their candidates' keys are looked at, so that none that waits is given to a runner that a
 * newer policy revokes. Nothing is left behind when there are none: a timer keeps the object awake.
 */
export function watchKeys(desk: Desk): void {
  const { seals, deps, jobs } = desk
  if (seals.isWatched) return
  seals.isWatched = true
  deps.setTimer(WATCH_MS, () => {
    seals.isWatched = false
    if (![...jobs.values()].some(({ job }) => job.kind === 'sealed')) return
    // What cannot be read now is read with the next request, or refuses it.
    void refreshKeys(desk).catch(() => deps.log('seal-keys-unread', {}))
    watchKeys(desk)
  })
}

async function reloadKeys(desk: Desk): Promise<void> {
  const { seals, deps, links } = desk
  const before = new Map([...links.values()].map((link) => [link, link.sealedKeys]))
  const runnerIds = [...before.keys()].map(({ facts }) => facts.runnerId)
  const held =
    runnerIds.length === 0 ? undefined : await deps.keys.reload(runnerIds, deps.model, deps.nowMs())
  for (const [link, known] of before) {
    if (links.get(link.facts.linkId) !== link) continue
    // What was admitted while the others were read stays; if an older policy judged it, it counts for nothing.
    const fresh = link.sealedKeys.filter((key) => !known.includes(key))
    setSealedKeys(desk, link, [])
    const kept = (held?.get(link.facts.runnerId) ?? []).toSorted((one, other) => one.untilMs - other.untilMs)
    for (const key of [...kept, ...fresh]) addSealedKey(desk, link, key)
    if (known.some((key) => key.kind === 'tee' && !hasKeyFor(link, key))) tellOfDrop(desk, link)
  }
  seals.isRead = true
  deps.log('seal-keys-read', { runners: runnerIds.length, policySeq: seals.policySeq })
  pump(desk)
}

function hasKeyFor({ sealedKeys }: Link, { kind, epoch }: SealedKey): boolean {
  return sealedKeys.some((key) => key.kind === kind && key.epoch === epoch)
}

/** The runner shows its keys again after a while: a later policy may take them. */
function tellOfDrop(desk: Desk, link: Link): void {
  sendVerdict(desk, link, { kind: 'tee' }, { ok: false, reason: 'policy-changed' })
}

type Verdict =
  | { readonly ok: true; readonly key: { readonly untilMs: number } }
  | { readonly ok: false; readonly reason: string }

function sendVerdict(
  { deps }: Desk,
  { facts }: Link,
  { kind }: Pick<SealKeysFrame, 'kind'>,
  verdict: Verdict,
): void {
  const frame: DownFrame = verdict.ok
    ? { type: 'seal.verdict', kind, accepted: true, untilMs: verdict.key.untilMs }
    : { type: 'seal.verdict', kind, accepted: false, reason: verdict.reason.slice(0, 64) }
  deps.sendFrame(facts.linkId, frame)
}
