import type { MessageEntity } from 'grammy/types'

type FoundType = 'url' | 'email' | 'bot_command' | 'mention' | 'hashtag'

/** What Telegram marks by itself, first match wins. */
const PATTERNS: readonly { type: FoundType; pattern: RegExp }[] = [
  { type: 'url', pattern: /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,:;!?)\]}»]/giu },
  { type: 'email', pattern: /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/giu },
  {
    type: 'url',
    pattern:
      /(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|me|ru|ton)(?:\/[^\s<>"'`]*[^\s<>"'`.,!?])?\b/giu,
  },
  { type: 'bot_command', pattern: /(?<![\w/@.])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/@])/giu },
  { type: 'mention', pattern: /(?<![\w@/.])@[a-z][a-z0-9_]{2,31}(?![\w@])/giu },
  { type: 'hashtag', pattern: /(?<![\p{L}\p{N}_#&])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu },
]

/** Finds links, addresses, commands, mentions and hashtags outside of what is already marked as code or link. */
export function findEntities(text: string, known: readonly MessageEntity[]): MessageEntity[] {
  const taken = known.filter(({ type }) => ['code', 'pre', 'text_link', 'text_mention'].includes(type))
  const found: MessageEntity[] = []
  for (const { type, pattern } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length }
      if (![...taken, ...found].some((other) => overlaps(entity, other))) found.push(entity)
    }
  }
  return sortEntities([...known, ...found])
}

export function sortEntities(entities: readonly MessageEntity[]): MessageEntity[] {
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length)
}

export function overlaps(a: Span, b: Span): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length
}

type Span = { readonly offset: number; readonly length: number }
