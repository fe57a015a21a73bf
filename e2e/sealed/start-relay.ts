import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Transform } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'

/** One thing that went through the relay, as it came. */
export type Passed = {
  readonly kind: 'http-up' | 'http-down' | 'socket-up' | 'socket-down'
  readonly path: string
  readonly headers: string
  /** `content-encoding` of the body. */
  readonly encoding: string | undefined
  readonly bytes: Buffer
}

/**
 * What the man in the middle does to what passes. Each gets text and gives what goes on in its place; several pieces, or
 * none, where it gives a list.
 */
export type Tampering = {
  /** A line of a stream of frames, from the coordinator to a client. */
  readonly line?: (line: string) => string | readonly string[]
  /** A whole request or reply of a client, but for streams of frames. */
  readonly request?: (body: string, path: string) => string
  readonly reply?: (body: string, path: string) => string
}

export type Relay = {
  readonly url: string
  readonly passed: readonly Passed[]
  readonly forget: () => void
  /** Alters what passes from now on; without one everything passes as it is. */
  readonly tamper: (tampering: Tampering) => void
  readonly close: () => Promise<void>
}

const PASSED_MAX = 100_000
const FRAME_BYTES_MAX = 4_000_000

/** Stands between a coordinator and those who talk to it, and keeps every byte that passes. */
export async function startRelay(target: string): Promise<Relay> {
  const passed: Passed[] = []
  let tampering: Tampering = {}
  const keep = (one: Passed) => {
    if (passed.length >= PASSED_MAX) throw new Error('the relay keeps no more')
    passed.push(one)
  }
  const server = createServer(
    (from, to) => void carry({ target, keep, tampering: () => tampering }, from, to),
  )
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
  })
  server.on('upgrade', (from, socket, head) => {
    sockets.handleUpgrade(from, socket, head, (client) => joinSockets({ target, keep }, from, client))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    forget: () => {
      passed.length = 0
    },
    tamper: (next) => {
      tampering = next
    },
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Middle = {
  readonly target: string
  readonly keep: (passed: Passed) => void
  readonly tampering: () => Tampering
}

async function carry(middle: Middle, from: IncomingMessage, to: ServerResponse): Promise<void> {
  const path = from.url ?? '/'
  const asked = await readAll(from)
  const changed = middle.tampering().request?.(asked.toString(), path)
  const body = changed === undefined || asked.length === 0 ? asked : Buffer.from(changed)
  middle.keep(passedOf('http-up', path, from, body))
  const { 'accept-encoding': _, 'transfer-encoding': __, ...asIs } = from.headers
  const headers = { ...asIs, host: new URL(middle.target).host, 'content-length': body.length }
  const onward = request(new URL(path, middle.target), { method: from.method ?? 'GET', headers })
  to.once('close', () => onward.destroy())
  onward.once('error', () => to.destroy())
  onward.once('response', (reply) => void giveBack(middle, path, reply, to))
  onward.end(body)
}

async function giveBack(middle: Middle, path: string, reply: IncomingMessage, to: ServerResponse) {
  const { line, reply: change } = middle.tampering()
  const { 'content-length': length, ...headers } = reply.headers
  const isStream = /ndjson|event-stream/.test(headers['content-type'] ?? '')
  const whole = !isStream && change ? await readAll(reply) : undefined
  const changed = whole && change ? Buffer.from(change(whole.toString(), path)) : undefined
  to.writeHead(reply.statusCode ?? 502, {
    ...headers,
    ...(changed
      ? { 'content-length': changed.length }
      : length === undefined
        ? {}
        : { 'content-length': length }),
  })
  if (changed) {
    middle.keep(passedOf('http-down', path, reply, changed))
    to.end(changed)
    return
  }
  const recorder = new Transform({
    transform(piece: Buffer, _, done) {
      middle.keep(passedOf('http-down', path, reply, piece))
      done(null, piece)
    },
  })
  reply.once('error', () => to.destroy())
  const shown = isStream && line ? reply.pipe(lineChanger(line)) : reply
  shown.pipe(recorder).pipe(to)
}

function lineChanger(change: NonNullable<Tampering['line']>): Transform {
  let rest = ''
  return new Transform({
    transform(piece: Buffer, _, done) {
      const lines = (rest + piece.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      const changed = lines.flatMap((line) => (line === '' ? line : change(line)))
      done(null, Buffer.from(changed.map((line) => `${line}\n`).join(''), 'latin1'))
    },
    flush(done) {
      done(null, Buffer.from(rest, 'latin1'))
    },
  })
}

function joinSockets(
  { target, keep }: Pick<Middle, 'target' | 'keep'>,
  from: IncomingMessage,
  client: WebSocket,
) {
  const path = from.url ?? '/'
  const { protocol } = client
  const url = new URL(path, target.replace(/^http/, 'ws'))
  const onward = new WebSocket(url, protocol === '' ? [] : [protocol], { perMessageDeflate: false })
  const early: { readonly bytes: Buffer; readonly isBinary: boolean }[] = []
  client.on('message', (data, isBinary) => {
    const bytes = toBuffer(data)
    keep({ kind: 'socket-up', path, headers: '', encoding: undefined, bytes })
    if (onward.readyState === WebSocket.OPEN) onward.send(bytes, { binary: isBinary })
    else early.push({ bytes, isBinary })
  })
  onward.on('open', () => {
    for (const { bytes, isBinary } of early.splice(0)) onward.send(bytes, { binary: isBinary })
  })
  onward.on('message', (data, isBinary) => {
    const bytes = toBuffer(data)
    keep({ kind: 'socket-down', path, headers: '', encoding: undefined, bytes })
    if (client.readyState === WebSocket.OPEN) client.send(bytes, { binary: isBinary })
  })
  client.on('close', (code, reason) => closeLike(onward, code, reason))
  onward.on('close', (code, reason) => closeLike(client, code, reason))
  for (const socket of [client, onward]) socket.on('error', () => socket.terminate())
}

/** Closes a socket as the other end did; codes that nobody may send are an abrupt end. */
function closeLike(socket: WebSocket, code: number, reason: Buffer): void {
  const isSendable = code === 1000 || (code >= 3000 && code < 5000)
  if (isSendable) socket.close(code, reason)
  else socket.terminate()
}

function toBuffer(data: Buffer | ArrayBuffer | readonly Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

function passedOf(kind: Passed['kind'], path: string, message: IncomingMessage, bytes: Buffer): Passed {
  const headers = message.rawHeaders.join('\n')
  return { kind, path, headers, encoding: message.headers['content-encoding'], bytes }
}
