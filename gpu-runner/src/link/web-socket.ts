import { WebSocket } from 'ws'
import type { LinkSocket } from './link.ts'

/**
 * Opens a WebSocket in the shape that a link uses. It offers no compression, which Node's own always does: frames are
 * small, and inflating each in another thread takes the coordinator longer than the bytes are worth.
 */
export function openWebSocket(url: string): LinkSocket {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const link: LinkSocket = {
    send: (text) => socket.send(text),
    close: () => socket.close(),
    onmessage: null,
    onclose: null,
    onerror: null,
  }
  socket.on('message', (data, isBinary) => link.onmessage?.({ data: isBinary ? data : String(data) }))
  socket.on('close', () => link.onclose?.())
  socket.on('error', () => link.onerror?.())
  return link
}
