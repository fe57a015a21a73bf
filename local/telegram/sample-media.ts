import type { Message } from 'grammy/types'
import type { TelegramServer } from './telegram-server.ts'

export type MediaKind = 'photo' | 'voice' | 'document' | 'sticker' | 'location'

/** One white pixel, so that a download has something real to decode. */
const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
    'base64',
  ),
)
const TEXT = new TextEncoder().encode('A short document.\n')

/** Makes the parts of a message that is not text; its file can be fetched with getFile. */
export function sampleMedia(server: TelegramServer, kind: MediaKind, caption?: string): Partial<Message> {
  const captioned = caption ? { caption } : {}
  switch (kind) {
    case 'photo': {
      const file = keepFile(server, 'photos/photo.png', 'image/png', PNG)
      return { photo: [{ ...file, width: 1, height: 1 }], ...captioned }
    }
    case 'voice': {
      const file = keepFile(server, 'voice/voice.oga', 'audio/ogg', TEXT)
      return { voice: { ...file, duration: 3, mime_type: 'audio/ogg' }, ...captioned }
    }
    case 'document': {
      const file = keepFile(server, 'documents/note.txt', 'text/plain', TEXT)
      return { document: { ...file, file_name: 'note.txt', mime_type: 'text/plain' }, ...captioned }
    }
    case 'sticker': {
      const file = keepFile(server, 'stickers/sticker.webp', 'image/webp', PNG)
      const shape = { type: 'regular', width: 512, height: 512, is_animated: false, is_video: false } as const
      return { sticker: { ...file, ...shape, emoji: '🙂' } }
    }
    case 'location':
      return { location: { latitude: 29.5321, longitude: 35.0063 } }
    default:
      return kind satisfies never
  }
}

function keepFile(server: TelegramServer, path: string, mimeType: string, bytes: Uint8Array<ArrayBuffer>) {
  const number = server.files.size + 1
  const file_id = `file-${number}`
  const numbered = path.replace('.', `-${number}.`)
  server.files.set(file_id, { path: numbered, bytes, mimeType })
  return { file_id, file_unique_id: `u${file_id}`, file_size: bytes.length }
}
