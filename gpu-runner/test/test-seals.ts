import { onTestFinished } from 'vitest'
import type { Announcer } from '../src/attest/announcer.ts'
import { createPairedAnnouncer } from '../src/attest/paired-announcer.ts'
import { openSealKeeper, type SealKeeper } from '../src/attest/seal-keeper.ts'
import type { RunnerEvent } from '../src/events.ts'
import type { Identity } from '../src/identity/identity.ts'
import type { FakeClock } from './fake-clock.ts'
import { FACTS } from './scripted-engine.ts'

/** The sealing keys of a runner that is paired and, where more announcers are given, in a TEE. */
export async function openTestSeals(deps: {
  readonly clock: FakeClock
  readonly identity: Identity
  readonly more?: readonly Announcer[]
  readonly report?: (event: RunnerEvent) => void
}): Promise<SealKeeper> {
  const models = [{ id: FACTS.model, manifestDigest: FACTS.manifestDigest }]
  const keeper = await openSealKeeper({
    clock: deps.clock,
    random: () => 0,
    announcers: [createPairedAnnouncer(deps.identity, models), ...(deps.more ?? [])],
    report: deps.report ?? (() => {}),
  })
  onTestFinished(keeper.close)
  return keeper
}
