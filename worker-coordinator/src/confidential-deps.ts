import { pinsOfBuild, simulationOfBuild } from '../../protocol/src/build-pins.ts'
import { X_WING } from '../../protocol/src/sealed/suite-x-wing.ts'
import { createRunnerChooser } from '../../protocol/src/sealed-client/choose-runners.ts'
import { randomBelow } from '../../protocol/src/sealed-client/random-below.ts'
import type { SealTrust } from '../../protocol/src/sealed-client/seal-trust.ts'
import type { Deps } from './deps.ts'
import type { AnswerFormat } from './dispatch/frame-writer.ts'
import type { Caller, ChatJob } from './jobs/chat-job.ts'
import { createSealDeps } from './seal-deps.ts'
import { askConfidential, type ConfidentialStart } from './sealed/ask-confidential.ts'
import { createWorkerNetwork } from './sealed/worker-network.ts'

type RunConfidential = (job: ChatJob, format: AnswerFormat) => Promise<ConfidentialStart>

const made = new WeakMap<Cloudflare.Env, RunConfidential>()

/** Runs chats of tier `confidential` for callers that cannot seal. Made once per isolate: verdicts are remembered. */
export function createRunConfidential(env: Cloudflare.Env, deps: Deps): RunConfidential {
  const run = made.get(env) ?? makeRun(env, deps)
  made.set(env, run)
  return run
}

function makeRun(env: Cloudflare.Env, deps: Deps): RunConfidential {
  const { nowMs, log } = deps
  const network = { ...createSealDeps(env, deps), ...deps }
  const trust: SealTrust = {
    pins: pinsOfBuild(),
    simulation: simulationOfBuild(),
    platforms: 'any',
    // Nobody confirms runners here: tier `own` is sealed on a person's own device, or not at all.
    confirmed: new Set(),
    suite: X_WING,
  }
  // The directory of this tier is the same for everybody.
  const anybody: Caller = { accountId: 0, keyId: undefined }
  const chooseRunners = createRunnerChooser({
    network: createWorkerNetwork(network, anybody),
    trust,
    nowMs,
    random: randomBelow,
  })
  return (job, format) =>
    askConfidential(
      { networkOf: (caller) => createWorkerNetwork(network, caller), trust, chooseRunners, nowMs, log },
      job,
      format,
    )
}
