import { SIMULATED_IMAGE } from '../../../protocol/src/attestation/simulated/simulated-policy.ts'
import type { Announcer, SealedModel } from '../attest/announcer.ts'
import { createTeeAnnouncer, makeTeeSigner } from '../attest/evidence-maker.ts'
import { createPairedAnnouncer } from '../attest/paired-announcer.ts'
import { createBeaconReader } from '../attest/read-beacon.ts'
import { openSealKeeper, type SealKeeper } from '../attest/seal-keeper.ts'
import { openHardwareTee } from '../attest/tee/hardware-tee.ts'
import { createSimulatedTee, readSimulatedTee, SIMULATED_SENTENCE } from '../attest/tee/simulated-tee.ts'
import type { Tee } from '../attest/tee/tee.ts'
import { systemClock } from '../clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import type { Identity } from '../identity/identity.ts'
import type { CommandContext } from './run-cli.ts'

export type SealsPlan = {
  readonly coordinator: string
  readonly identity: Identity
  readonly engines: readonly Engine[]
  readonly report: (event: RunnerEvent) => void
}

type Opened<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string }

/** Opens the keys that chats are sealed to, by the pairing and, where the settings say so, by a TEE. */
export async function openSeals(context: CommandContext, plan: SealsPlan): Promise<Opened<SealKeeper>> {
  const models = plan.engines
    .filter(({ facts }) => facts.kind === 'chat')
    .map(({ facts }) => ({ id: facts.model, manifestDigest: facts.manifestDigest }))
  const tee = await openTeeAnnouncer(context, plan, models)
  if (!tee.ok) return tee
  // Only chats are sealed: without a model for them there is nothing to announce.
  const announcers =
    models.length === 0
      ? []
      : [createPairedAnnouncer(plan.identity, models), ...(tee.value ? [tee.value] : [])]
  const deps = { clock: systemClock, random: Math.random, announcers, report: plan.report }
  return { ok: true, value: await openSealKeeper(deps) }
}

async function openTeeAnnouncer(
  context: CommandContext,
  { coordinator, identity, report }: SealsPlan,
  models: readonly SealedModel[],
): Promise<Opened<Announcer | undefined>> {
  const { config } = context
  if (config.tee === undefined || config.tee === 'none') return { ok: true, value: undefined }
  const image = config.teeImage ?? (config.tee === 'simulated' ? SIMULATED_IMAGE : undefined)
  if (image === undefined) {
    return {
      ok: false,
      sentence: `--tee ${config.tee} needs --tee-image: what the image was published under.`,
    }
  }
  if (config.upstreamUrl !== undefined && !isOnThisMachine(config.upstreamUrl)) {
    return {
      ok: false,
      sentence: 'In a TEE the upstream must be on this machine: elsewhere its words would be read.',
    }
  }
  const opened = await openTee(context, image, models)
  if (!opened.ok) return opened
  if (config.tee === 'simulated') report({ event: 'tee-simulated', sentence: SIMULATED_SENTENCE })
  const announcer = createTeeAnnouncer({
    tee: opened.value,
    readBeacon: createBeaconReader(coordinator, { clock: systemClock, fetchUrl: fetch }),
    signer: await makeTeeSigner(),
    owner: identity.runnerId,
    image,
    models,
  })
  return { ok: true, value: announcer }
}

async function openTee(
  { config, dataDir }: CommandContext,
  image: string,
  models: readonly SealedModel[],
): Promise<Opened<Tee>> {
  if (config.tee === 'tdx' || config.tee === 'sev-snp') {
    return { ok: true, value: openHardwareTee(config.tee, { clock: systemClock, dataDir }) }
  }
  if (config.simulatedTee === undefined) {
    return { ok: false, sentence: '--tee simulated needs --simulated-tee: the file with its keys.' }
  }
  const read = await readSimulatedTee(config.simulatedTee)
  if (!read.ok) return { ok: false, sentence: `${config.simulatedTee} holds no simulated TEE.` }
  return { ok: true, value: createSimulatedTee(read.value, { clock: systemClock, image, models }) }
}

function isOnThisMachine(url: string): boolean {
  return URL.canParse(url) && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname)
}
