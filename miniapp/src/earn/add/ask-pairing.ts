import type { PairingProgressJson, RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import type { Reply } from '../../session/session.ts'
import type { Keep } from '../device-storage.ts'
import type { EarnApi } from '../earn-api.ts'
import { type KeptPairing, keepPairing, readKeptPairing } from './kept-pairing.ts'

type StartDeps = {
  readonly api: Pick<EarnApi, 'startPairing'>
  readonly storage: Keep
  readonly nowMs: () => number
}

/** The pairing that this device is in the middle of; a new one where there is none. */
export async function startPairing({ api, storage, nowMs }: StartDeps): Promise<Reply<KeptPairing>> {
  const kept = readKeptPairing(storage, nowMs())
  if (kept) return { ok: true, value: kept }
  const started = await api.startPairing()
  if (!started.ok) return started
  const { id, code, command, expires_at } = started.value
  const value = { id, code, command, expiresAtMs: expires_at * 1000 }
  keepPairing(storage, value)
  return { ok: true, value }
}

type ProgressDeps = {
  readonly api: Pick<EarnApi, 'pairing' | 'runner'>
  readonly started: Pick<KeptPairing, 'id'> & { readonly runnerId?: string | undefined }
  readonly signal: AbortSignal
}

/** How far a pairing is. The coordinator forgets a code some time after its end; then the runner that used it says the same. */
export async function askProgress({
  api,
  started,
  signal,
}: ProgressDeps): Promise<Reply<PairingProgressJson>> {
  const reply = await api.pairing(started.id, signal)
  if (reply.ok || reply.reason === 'unreachable' || started.runnerId === undefined) return reply
  const runner = await api.runner(started.runnerId, signal)
  return runner.ok ? { ok: true, value: progressOf(runner.value) } : reply
}

function progressOf({
  id,
  name,
  device,
  online,
  models,
  days,
  earned_nano,
}: RunnerDetailJson): PairingProgressJson {
  const jobs = days.reduce((sum, day) => sum + day.jobs, 0)
  return {
    state: 'paired',
    expires_at_ms: 0,
    runner: {
      id,
      name,
      device,
      online,
      models: models.map((model) => model.id),
      jobs_done: jobs,
      earned_nano,
    },
  }
}
