import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { handleRequest } from './handle-request.ts'
import type { ProxyDeps } from './proxy-deps.ts'
import { type Reply, refuse } from './reply.ts'

export type ProxyServer = {
  readonly port: number
  readonly close: () => Promise<void>
}
export type StartedProxy =
  | { readonly ok: true; readonly server: ProxyServer }
  | { readonly ok: false; readonly reason: 'port-taken' }

/** How much of a body that is too large is read and thrown away, so that the caller sees the reply, bytes. */
const DRAINED_MAX = 16 * 1024 * 1024

/** Listens on this machine alone: 127.0.0.1. Port 0 takes any that is free. */
export async function startProxyServer(deps: ProxyDeps, port: number): Promise<StartedProxy> {
  const server = createServer((request, response) => {
    serve(deps, request, response).catch(() => response.destroy()) // the caller is gone
  })
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return { ok: false, reason: 'port-taken' } // or not allowed: the same to the person who starts it
  }
  const { port: taken } = server.address() as AddressInfo
  return { ok: true, server: { port: taken, close: () => close(server) } }
}

async function serve(deps: ProxyDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const caller = new AbortController()
  response.on('close', () => caller.abort())
  const reply = await answer(deps, request, caller.signal)
  response.writeHead(reply.status, reply.headers)
  if (typeof reply.body === 'string') return void response.end(reply.body)
  response.flushHeaders()
  for await (const text of reply.body) {
    if (caller.signal.aborted) continue // read to its end, so that it ends its job
    if (!response.write(text)) await once(response, 'drain', { signal: caller.signal }).catch(() => undefined)
  }
  response.end()
}

async function answer(deps: ProxyDeps, request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
  try {
    return await handleRequest(deps, {
      method: request.method ?? '',
      path: request.url?.split('?')[0] ?? '',
      headers: request.headers,
      readBody: (bytesMax) => readText(request, bytesMax),
      signal,
    })
  } catch {
    // A bug. What it says could repeat a part of the question: it is not for the reply, and not for the log.
    return refuse('internal')
  }
}

async function readText(request: IncomingMessage, bytesMax: number) {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length <= bytesMax) chunks.push(chunk)
    else chunks.length = 0
    if (length > bytesMax + DRAINED_MAX) break
  }
  if (length > bytesMax) return 'body-too-large'
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    return 'invalid-json' // bytes that are no UTF-8 are no JSON either (RFC 8259 §8.1)
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
