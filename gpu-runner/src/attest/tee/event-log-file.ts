import { readFile } from 'node:fs/promises'
import { type EventLog, eventLogSchema } from '../../../../protocol/src/attestation/tdx/event-log.ts'
import { type Made, made, notMade } from './tee.ts'

/** Where the image writes what it put into RTMR3, as a JSON list, before it starts this program. */
export const EVENT_LOG_FILE = '/run/sharnaqa/event-log.json'

const FILE_CHARS_MAX = 65_536

/** Reads what the image logged. Whether it is true shows in the quote: the verifier replays it. */
export async function readEventLogFile(file: string): Promise<Made<EventLog>> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return notMade('event-log-missing')
  if (text.length > FILE_CHARS_MAX) return notMade('event-log-malformed')
  try {
    const log = eventLogSchema.parse(JSON.parse(text))
    return log[0]?.name === 'image' ? made(log) : notMade('event-log-malformed')
  } catch {
    return notMade('event-log-malformed') // no JSON, or an event that nobody weighed
  }
}
