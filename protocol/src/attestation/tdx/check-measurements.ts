import { sameBytes } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import type { Policy } from '../policy/policy.ts'
import type { Statement } from '../policy/statement.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import { type EventLog, replayEvents } from './event-log.ts'
import type { TdReport } from './quote.ts'

/**
 * Checks what booted: firmware and virtual hardware (MRTD, RTMR0) against the policy's hardware profiles, kernel and
 * image (RTMR1, RTMR2) against its releases, and what the image logged (RTMR3) against the event log.
 */
export async function checkTdxMeasurements(
  td: TdReport,
  statement: Statement,
  log: EventLog,
  policy: Policy,
): Promise<Checked<true>> {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = td.rtmrs
  const measured = { mrTd: toHex(td.mrTd), rtmr0: toHex(rtmr0), rtmr1: toHex(rtmr1), rtmr2: toHex(rtmr2) }
  const hardware = policy.hardware.find((one) => one.mrTd === measured.mrTd && one.rtmr0 === measured.rtmr0)
  if (!hardware) return refuse('hardware-profile', measured)
  const booted = policy.releases.filter((one) => one.rtmr1 === measured.rtmr1 && one.rtmr2 === measured.rtmr2)
  if (booted.length === 0) return refuse('release', { ...measured, hardware: hardware.name })
  const release = booted.find((one) => one.image === statement.image)
  const inputs = { ...measured, rtmr3: toHex(rtmr3), hardware: hardware.name, release: release?.name ?? '' }
  if (!sameBytes(await replayEvents(log), rtmr3)) return refuse('event-replay', inputs)
  const [first, ...rest] = log
  if (first?.name !== 'image' || rest.some((event) => event.name === 'image'))
    return refuse('event-log', inputs)
  if (!release || first.digest !== statement.image) return refuse('image', inputs)
  const loaded = new Set(rest.map((event) => event.digest))
  if (!statement.models.every((model) => loaded.has(model.manifestDigest))) return refuse('event-log', inputs)
  return accept(true, inputs)
}
