import { formatTon, nano } from '../../../protocol/src/money.ts'
import type { RunnerEvent } from '../events.ts'

/** One plain line per event: noun-verb first, then what belongs to it. */
export function eventLine(event: RunnerEvent): string {
  switch (event.event) {
    case 'model-loaded':
      return `model-loaded ${event.model}: ${event.slots} slots, ${event.loadMs} ms. ${event.note}`
    case 'runner-online':
      return `runner-online ${event.model} on ${event.device} as ${event.runnerId}`
    case 'runner-offline':
      return `runner-offline ${event.model}: ${event.reason}; next attempt in ${event.retryMs} ms`
    case 'runner-refused':
      return `runner-refused ${event.model}: ${event.sentence}`
    case 'frame-ignored':
      return `frame-ignored ${event.model}: ${event.reason}`
    case 'job-started':
      return `job-started ${event.jobId}/${event.attempt} ${event.model}`
    case 'job-ended': {
      const tokens = `${event.promptTokens} + ${event.completionTokens} tokens`
      return `job-ended ${event.jobId}/${event.attempt} ${event.outcome}: ${tokens}, ${event.durationMs} ms`
    }
    case 'job-paid': {
      const amounts = `${tonOf(event.earnedNano)}, today ${tonOf(event.todayNano)}`
      return `job-paid ${event.jobId}/${event.attempt}: ${amounts}${event.reason ? ` (${event.reason})` : ''}`
    }
    case 'seal-accepted':
      return `seal-accepted ${event.model}: ${event.kind}, until ${new Date(event.untilMs).toISOString()}`
    case 'seal-refused':
      return `seal-refused ${event.model}: ${event.kind}, ${event.reason}`
    case 'seal-failed':
      return `seal-failed ${event.kind}: ${event.reason}; next attempt in ${event.retryMs} ms`
    case 'tee-simulated':
      return `tee-simulated ${event.sentence}`
    case 'status-page':
      return `status-page ${event.url}`
    case 'runner-leaving':
      return `runner-leaving after ${event.jobs} running jobs`
    case 'runner-stopped':
      return `runner-stopped ${event.exitCode}`
    default:
      return event satisfies never
  }
}

function tonOf(text: string): string {
  return formatTon(nano(BigInt(text)))
}
