/** One thing that came over a stream of server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
export type StreamEvent =
  | { readonly type: 'data'; readonly data: string }
  | { readonly type: 'comment'; readonly text: string }
  /** The stream is over. `broken`: before its end, as when the network is away; `too-long`: past its bounds. */
  | { readonly type: 'closed' | 'broken' | 'too-long' }

/** Characters that one line, and one event, may have. */
export const EVENT_CHARS_MAX = 1_000_000

/** Reads an answer's stream. Never throws; the last event says how it was over. */
export async function* readStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const parse = createParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const events = parse(decoder.decode(value, { stream: true }))
      if (events === 'too-long') {
        yield { type: 'too-long' }
        return
      }
      yield* events
    }
  } catch {
    yield { type: 'broken' } // the network went away, or the reader was let go
    return
  } finally {
    reader.cancel().catch(() => undefined) // whoever stops reading lets the answer go
  }
  yield { type: 'closed' }
}

type Parser = (text: string) => StreamEvent[] | 'too-long'

function createParser(): Parser {
  let rest = ''
  let data: string[] = []
  let chars = 0
  return (text) => {
    const events: StreamEvent[] = []
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
      if (line === '') {
        if (data.length > 0) events.push({ type: 'data', data: data.join('\n') })
        data = []
        chars = 0
      } else if (line.startsWith(':')) {
        events.push({ type: 'comment', text: line.slice(1).trim() })
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
        chars += line.length
      }
      if (chars > EVENT_CHARS_MAX) return 'too-long'
    }
    return rest.length > EVENT_CHARS_MAX ? 'too-long' : events
  }
}
