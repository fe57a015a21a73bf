import type { Tier } from '../../../protocol/src/miniapp/fields.ts'
import type { SealedJob } from '../jobs/chat-job.ts'
import { FREE } from '../pricing/price.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import { mayServeSealed } from './audience.ts'
import { type Desk, freeSlotsOf, type Link } from './desk.ts'
import type { Choice } from './lease-job.ts'
import type { SealedPlace } from './live-job.ts'
import { fits, type Wish } from './runner-book.ts'
import { isKeyGood } from './sealed-links.ts'

/** A link that holds the key of one of a request's candidates. */
export type FittingCandidate = SealedPlace & { readonly link: Link }

/** Which keys open the requests of a tier: never those of another. */
export function keyKindOf(tier: Tier): SealedKey['kind'] | undefined {
  if (tier === 'own') return 'paired'
  return tier === 'confidential' ? 'tee' : undefined
}

/** Chooses the first of a request's candidates that is free. Nobody else is ever chosen: nobody else can open it. */
export function chooseCandidate(desk: Desk, job: SealedJob, wish: Wish): Choice | undefined {
  const found = fittingCandidates(desk, job, wish).find(({ link }) => freeSlotsOf(link) > 0)
  if (!found) return undefined
  const { link, candidate, key } = found
  return {
    candidate: { linkId: link.facts.linkId },
    // A TEE's key is kept with the job: its evidence is not kept for long, and receipts are checked for years.
    why: { sealed: true, candidate, ...(key.kind === 'tee' ? { signing_key: key.signingKey } : {}) },
    sealed: { candidate, key },
  }
}

/** The links of a request's candidates that may serve it now, free or busy, in the header's order. */
export function fittingCandidates(desk: Desk, job: SealedJob, wish: Wish): readonly FittingCandidate[] {
  return job.header.cand.flatMap(({ runner_id, epoch, evidence_digest }, candidate) => {
    for (const link of desk.sealedLinks.get(evidence_digest) ?? []) {
      const key = link.sealedKeys.find(
        (one) => one.evidenceDigest === evidence_digest && one.runnerId === runner_id && one.epoch === epoch,
      )
      if (key && isKeyGood(desk, key) && maySeal(link, key, job) && fitsWish(link, job, wish))
        return [{ candidate, key, link }]
    }
    return []
  })
}

/** True when a link may serve a sealed job by one of its keys at all: its tier, its audience, its model's files. */
export function maySeal({ facts, leaving }: Link, { kind }: SealedKey, job: SealedJob): boolean {
  return (
    !leaving &&
    kind === keyKindOf(job.tier) &&
    mayServeSealed(facts, job) &&
    facts.manifestDigest === job.header.model_manifest
  )
}

/** What a client's own device checked of its runners' engines is not looked at again. */
function fitsWish({ facts, price, strikes }: Link, { tier }: SealedJob, wish: Wish): boolean {
  return fits({ ...facts, price: tier === 'own' ? FREE : price, strikes }, wish)
}
