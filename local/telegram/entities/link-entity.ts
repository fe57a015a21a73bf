import type { MessageEntity } from 'grammy/types'

/** Makes a link entity, or a mention for tg://user?id=; nothing for a target Telegram would not open. */
export function linkEntity(target: string, offset: number, length: number): MessageEntity | undefined {
  const userId = /^tg:\/\/user\/?\?id=(\d+)$/.exec(target)?.[1]
  if (userId) {
    return {
      type: 'text_mention',
      offset,
      length,
      user: { id: Number(userId), is_bot: false, first_name: '' },
    }
  }
  const url = checkedUrl(target)
  return url ? { type: 'text_link', offset, length, url } : undefined
}

/** Normalises a link as Telegram does: a bare host becomes http, other schemes than http, tg and ton are refused. */
export function checkedUrl(target: string): string | undefined {
  const trimmed = target.trim()
  if (/^(?:tg|ton|tonsite):\/\//i.test(trimmed)) return trimmed
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) && !/^https?:\/\//i.test(trimmed) && !/^[^/]*:\d/.test(trimmed)) {
    return undefined
  }
  const withScheme = /^https?:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  if (/\s/.test(withScheme) || !URL.canParse(withScheme)) return undefined
  const { hostname, href } = new URL(withScheme)
  return hostname.includes('.') || hostname === 'localhost' ? href : undefined
}
