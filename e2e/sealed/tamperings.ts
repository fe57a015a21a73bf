import type { Tampering } from './start-relay.ts'

type Json = Record<string, unknown>

const SEALED_CHAT = '/v1/sealed/chat'

/** Alters the body of a sealed chat. */
function onRequest(change: (body: Json) => Json): Tampering {
  return {
    request: (body, path) =>
      path.startsWith(SEALED_CHAT) ? JSON.stringify(change(JSON.parse(body) as Json)) : body,
  }
}

/** Alters the header, which is readable, and put back in its one canonical spelling. */
export function onHeader(change: (header: Json) => Json): Tampering {
  return onRequest((body) => ({
    ...body,
    header: JSON.stringify(change(JSON.parse(String(body.header)) as Json)),
  }))
}

/** Names another model than the sealed one. */
export function otherModel(model: string): Tampering {
  return onRequest((body) => ({ ...body, model }))
}

/** Alters one byte of the sealed question. */
export function otherCiphertext(): Tampering {
  return onRequest((body) => {
    const ct = String(body.ct)
    return { ...body, ct: `${ct.startsWith('A') ? 'B' : 'A'}${ct.slice(1)}` }
  })
}

/** Alters each frame of one type. */
export function onFrame(type: string, change: (frame: Json) => Json): Tampering {
  return {
    line: (line) => {
      const frame = JSON.parse(line) as Json
      return frame.type === type ? JSON.stringify(change(frame)) : line
    },
  }
}

/** Gives the chunks behind the first in pairs, the second of them first. */
export function chunksInPairs(): Tampering {
  let held: string | undefined
  return {
    line: (line) => {
      const { type, seq } = JSON.parse(line) as Json
      if (type !== 'chunk' || seq === 0) {
        const before = held
        held = undefined
        return before === undefined ? line : [before, line]
      }
      if (held === undefined) {
        held = line
        return []
      }
      const pair = [line, held]
      held = undefined
      return pair
    },
  }
}

/** Takes away the last chunk, and says that all went well. */
export function withoutLastChunk(): Tampering {
  let held: string | undefined
  return {
    line: (line) => {
      const { type } = JSON.parse(line) as Json
      if (type === 'chunk') {
        const before = held
        held = line
        return before === undefined ? [] : [before]
      }
      return line
    },
  }
}

/** Repeats the second chunk. */
export function repeatedChunk(): Tampering {
  return {
    line: (line) => {
      const { type, seq } = JSON.parse(line) as Json
      return type === 'chunk' && seq === 1 ? [line, line] : line
    },
  }
}

/** Puts words of its own between the chunks. */
export function wordsOutside(text: string): Tampering {
  return {
    line: (line) => {
      const { type } = JSON.parse(line) as Json
      return type === 'chunk' ? [JSON.stringify({ type: 'delta', text }), line] : line
    },
  }
}

/** Says that the job cost more than the receipt in the seal does. */
export function dearer(): Tampering {
  return onFrame('end', (frame) => ({
    ...frame,
    usage: { ...(frame.usage as Json), costNano: '999999' },
  }))
}

/** Alters the receipt that is told outside the seal. */
export function otherReceipt(): Tampering {
  return onFrame('end', (frame) => ({
    ...frame,
    receipts: (frame.receipts as Json[]).map((receipt) => ({
      ...receipt,
      completionTokens: Number(receipt.completionTokens) + 1,
    })),
  }))
}
