import type { LinkSocket } from '../src/link/link.ts'

export type FakeSocket = LinkSocket & {
  readonly sent: string[]
  closed: boolean
  /** A text as if the coordinator had sent it. */
  readonly receive: (frame: unknown) => void
  /** The line breaks. */
  readonly drop: () => void
}

/** A socket whose other end is the test. */
export function createFakeSocket(): FakeSocket {
  const socket: FakeSocket = {
    sent: [],
    closed: false,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => void socket.sent.push(text),
    close: () => {
      socket.closed = true
    },
    receive: (frame) =>
      socket.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
    drop: () => socket.onclose?.(),
  }
  return socket
}

export const CHALLENGE = { type: 'challenge', nonce: 'a-nonce', protocol: 1, protocolMinimum: 1 }
export const WELCOME = { type: 'welcome', leaseMs: 20_000, resume: [], drop: [] }
