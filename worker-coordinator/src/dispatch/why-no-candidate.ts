import type { SealedJob } from '../jobs/chat-job.ts'
import { keyKindOf, maySeal } from './choose-candidate.ts'
import type { Desk } from './desk.ts'
import { isKeyGood } from './sealed-links.ts'

/**
 * Why none of a sealed request's candidates serves it. `key-epoch`: one is here with other keys, or with keys that
 * ended: its client reads the directory again and seals anew.
 */
export function whyNoCandidate(desk: Desk, job: SealedJob): 'price-too-low' | 'key-epoch' | 'nobody' {
  const { cand, model_manifest } = job.header
  const kind = keyKindOf(job.tier)
  let isKnown = false
  for (const link of desk.links.values()) {
    if (link.leaving || link.facts.manifestDigest !== model_manifest) continue
    for (const key of link.sealedKeys) {
      const named = cand.filter(({ runner_id }) => key.kind === kind && runner_id === key.runnerId)
      if (named.length === 0) continue
      const isNamed = named.some(
        ({ evidence_digest, epoch }) => evidence_digest === key.evidenceDigest && epoch === key.epoch,
      )
      // All that can still be wrong with a key that holds is its price.
      if (isNamed && isKeyGood(desk, key) && maySeal(link, key, job)) return 'price-too-low'
      isKnown = true
    }
    isKnown ||= kind === 'paired' && cand.some(({ runner_id }) => runner_id === link.facts.runnerId)
  }
  return isKnown ? 'key-epoch' : 'nobody'
}
