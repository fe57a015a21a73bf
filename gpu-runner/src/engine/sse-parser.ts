/** One event of a `text/event-stream` (WHATWG HTML §9.2.6). Comments, ids and retry times are left out. */
export type SseEvent = { readonly event: string; readonly data: string }

export type SseParser = {
  /** Takes bytes, cut anywhere, and gives the events they complete. Throws when one event grows beyond the bound. */
  readonly push: (bytes: Uint8Array) => readonly SseEvent[]
  /** Gives the last event where the server left out its final empty line. */
  readonly end: () => readonly SseEvent[]
}

/** Smaller than what one frame to the coordinator may carry. */
const EVENT_MAX_CHARS = 190_000

/** Parses server-sent events: LF, CR and CRLF, bytes cut inside a character, several data lines, a leading BOM. */
export function createSseParser(): SseParser {
  const decoder = new TextDecoder()
  let rest = ''
  let skipLineFeed = false
  let event = ''
  let data: string[] = []
  let size = 0

  const takeLine = (line: string): SseEvent | undefined => {
    if (line === '') {
      const done = data.length > 0 ? { event: event || 'message', data: data.join('\n') } : undefined
      event = ''
      data = []
      size = 0
      return done
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    if (field === 'data') {
      data.push(value)
      size += value.length
    }
    return undefined
  }

  const pushText = (text: string): readonly SseEvent[] => {
    // A CR at the end of the last part was a line's end already: the LF that follows belongs to it.
    const fresh = skipLineFeed && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') skipLineFeed = text.endsWith('\r')
    const lines = (rest + fresh).split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    const events = lines.map(takeLine).filter((done) => done !== undefined)
    if (rest.length + size > EVENT_MAX_CHARS) throw new Error('an event is larger than allowed')
    return events
  }

  return {
    push: (bytes) => pushText(decoder.decode(bytes, { stream: true })),
    end: () => pushText(`${decoder.decode()}\n\n`),
  }
}
