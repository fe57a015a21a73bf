import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import type { StatusBoard } from './status-board.ts'
import { statusPage } from './status-page.ts'

export type StatusServer = { readonly url: string; readonly close: () => Promise<void> }

/** Where `status` looks for a running runner. */
export const RUNNING_FILE = 'running.json'

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Serves the status page on 127.0.0.1. A taken port falls to a free one. */
export async function openStatusServer(deps: {
  readonly board: StatusBoard
  readonly dataDir: string
  readonly port: number
}): Promise<StatusServer> {
  const server = createServer((request, response) => answer(request, response, deps.board))
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(deps.port).catch(() => listen(0))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const url = `http://127.0.0.1:${port}/`
  const file = path.join(deps.dataDir, RUNNING_FILE)
  await mkdir(deps.dataDir, { recursive: true, mode: 0o700 })
  await writeFile(file, `${JSON.stringify({ pid: process.pid, url })}\n`, { mode: 0o600 })
  return {
    url,
    close: async () => {
      await rm(file, { force: true })
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, board: StatusBoard): void {
  const send = (status: number, type: string, body: string) =>
    response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(body)
  // A page elsewhere may point its own name at 127.0.0.1 and read along: only this machine's names are answered.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '')) {
    return void send(403, 'text/plain', 'Only for this machine.')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, 'text/plain', 'Only GET.')
  switch (request.url?.split('?')[0]) {
    case '/':
      return void send(200, 'text/html', statusPage(board.status().runnerId))
    case '/status.json':
      return void send(200, 'application/json', JSON.stringify(board.status()))
    default:
      return void send(404, 'text/plain', 'Not here.')
  }
}
