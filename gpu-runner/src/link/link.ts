import { type DownFrame, downFrameSchema } from '../../../protocol/src/runner/down.ts'
import type { UpFrame } from '../../../protocol/src/runner/up.ts'
import { FRAME_MAX_CHARS, RUNNER_PROTOCOL_VERSION } from '../../../protocol/src/runner/version.ts'
import type { Clock } from '../clock.ts'
import { backoffMs } from './backoff.ts'

/** The part of a WebSocket that a link uses. */
export type LinkSocket = {
  readonly send: (text: string) => void
  readonly close: () => void
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
}

export type Challenge = Extract<DownFrame, { type: 'challenge' }>
export type Welcome = Extract<DownFrame, { type: 'welcome' }>
export type Refused = Extract<DownFrame, { type: 'refused' }>
type WorkFrame = Exclude<DownFrame, Challenge | Welcome | Refused>

export type LinkDeps = {
  readonly clock: Clock
  readonly random: () => number
  readonly openSocket: () => LinkSocket
  readonly makeHello: (nonce: string) => Promise<UpFrame>
  /** `protocol`: the version that the coordinator speaks. */
  readonly onUp: (welcome: Welcome, protocol: number) => void
  /** The link is lost and will be tried again after `retryMs`. */
  readonly onDown: (reason: string, retryMs: number) => void
  readonly onRefused: (refused: Refused) => void
  readonly onFrame: (frame: WorkFrame) => void
  readonly onIgnored: (reason: string) => void
  /** The longest wait between two attempts: shorter while jobs wait for their link. */
  readonly retryCapMs: () => number
}

export type Link = {
  /** Sends a frame if the link is up; else it is dropped. */
  readonly send: (frame: UpFrame) => void
  readonly isUp: () => boolean
  /** Closes for good. */
  readonly close: () => void
  /** Ends when the link was closed for good, with the refusal where the coordinator wants no further attempt. */
  readonly ended: Promise<Refused | undefined>
}

/** From opening the socket to `welcome`. */
const GREETING_MS = 15_000
const PING_MS = 25_000
const PONG_MS = 10_000
const CLOSING_MS = 1000
/** A link that held this long begins again with short waits when it is lost. */
const STABLE_MS = 10_000
/** Frames that cannot be read, before the link is given up and tried anew. */
const BAD_FRAMES_MAX = 10

/** Keeps one link to the coordinator: greets, reconnects with jitter, notices a dead line, hands frames on. */
export function openLink(deps: LinkDeps): Link {
  const { clock } = deps
  const ended = Promise.withResolvers<Refused | undefined>()
  let socket: LinkSocket | undefined
  let state: 'opening' | 'up' | 'waiting' | 'closed' = 'waiting'
  let attempt = 0
  let upSinceMs = 0
  let badFrames = 0
  let protocol = 0
  let takeBack = () => {}
  const after = (delayMs: number, run: () => void) => {
    takeBack()
    takeBack = clock.schedule(delayMs, run)
  }

  const detach = () => {
    takeBack()
    const old = socket
    socket = undefined
    if (!old) return
    old.onmessage = null
    old.onclose = null
    // An error after this belongs to a socket that nobody listens to.
    old.onerror = () => {}
    try {
      old.close()
    } catch {
      // A socket that never opened may refuse to close: it is gone either way.
    }
  }

  const finish = (refused: Refused | undefined) => {
    if (state === 'closed') return
    state = 'closed'
    const last = socket
    detach()
    if (!last) return ended.resolve(refused)
    // What was sent last must leave the machine before the program does.
    last.onclose = () => ended.resolve(refused)
    after(CLOSING_MS, () => ended.resolve(refused))
  }

  const lose = (reason: string) => {
    if (state === 'closed' || state === 'waiting') return
    if (state === 'up' && clock.nowMs() - upSinceMs >= STABLE_MS) attempt = 0
    state = 'waiting'
    detach()
    const retryMs = backoffMs(attempt, deps.random(), deps.retryCapMs())
    attempt += 1
    deps.onDown(reason, retryMs)
    after(retryMs, connect)
  }

  const connect = () => {
    if (state === 'closed') return
    state = 'opening'
    badFrames = 0
    try {
      const opened = deps.openSocket()
      socket = opened
      opened.onmessage = ({ data }) => receive(opened, data)
      opened.onclose = () => lose('closed')
      opened.onerror = () => lose('unreachable')
      after(GREETING_MS, () => lose('no-welcome'))
    } catch {
      lose('unreachable')
    }
  }

  const sendText = (text: string) => {
    try {
      socket?.send(text)
    } catch {
      // A socket that closes while we write: its close event follows.
      lose('closed')
    }
  }

  const receive = (from: LinkSocket, data: unknown) => {
    if (from !== socket) return
    if (data === 'pong') return after(PING_MS, ping)
    const frame = readFrame(data)
    if (!frame) {
      badFrames += 1
      deps.onIgnored('unreadable')
      if (badFrames > BAD_FRAMES_MAX) lose('unreadable-frames')
      return
    }
    handle(from, frame)
  }

  const ping = () => {
    after(PONG_MS, () => lose('no-pong'))
    sendText('ping')
  }

  const handle = (from: LinkSocket, frame: DownFrame) => {
    switch (frame.type) {
      case 'challenge':
        return void greet(from, frame).catch(() => lose('no-hello'))
      case 'welcome':
        state = 'up'
        upSinceMs = clock.nowMs()
        after(PING_MS, ping)
        return deps.onUp(frame, protocol)
      case 'refused':
        return refuse(frame)
      default:
        if (state !== 'up') return deps.onIgnored('before-welcome')
        return deps.onFrame(frame)
    }
  }

  const refuse = (frame: Refused) => {
    deps.onRefused(frame)
    if (frame.retry) lose(frame.reason)
    else finish(frame)
  }

  const greet = async (from: LinkSocket, challenge: Challenge) => {
    if (state !== 'opening') return
    if (challenge.protocolMinimum > RUNNER_PROTOCOL_VERSION) return refuse(tooOld)
    protocol = challenge.protocol
    const hello = await deps.makeHello(challenge.nonce)
    if (from === socket && state === 'opening') sendText(JSON.stringify(hello))
  }

  connect()
  return {
    send: (frame) => {
      if (state === 'up') sendText(JSON.stringify(frame))
    },
    isUp: () => state === 'up',
    close: () => finish(undefined),
    ended: ended.promise,
  }
}

const tooOld: Refused = {
  type: 'refused',
  reason: 'protocol-too-old',
  sentence: 'This runner is too old for the network. Action: update it.',
  retry: false,
}

/** Reads a frame that came in; undefined where it is none. */
export function readFrame(data: unknown): DownFrame | undefined {
  if (typeof data !== 'string' || data.length > FRAME_MAX_CHARS) return undefined
  try {
    const parsed = downFrameSchema.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : undefined
  } catch {
    // Not JSON.
    return undefined
  }
}
