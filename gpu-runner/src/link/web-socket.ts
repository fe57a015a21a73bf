import type { LinkSocket } from './link.ts'

/** Opens Node's own WebSocket in the shape that a link uses. */
export function openWebSocket(url: string): LinkSocket {
  const socket = new WebSocket(url)
  const link: LinkSocket = {
    send: (text) => socket.send(text),
    close: () => socket.close(),
    onmessage: null,
    onclose: null,
    onerror: null,
  }
  socket.onmessage = (event) => link.onmessage?.({ data: event.data })
  socket.onclose = () => link.onclose?.()
  socket.onerror = () => link.onerror?.()
  return link
}
