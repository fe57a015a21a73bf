import type { MessageEntity } from 'grammy/types'
import { linkEntity } from './link-entity.ts'
import { byteOffset, parseError } from './parse-html.ts'

type Kind = 'Bold' | 'Italic' | 'Underline' | 'Strikethrough' | 'Spoiler' | 'Code' | 'Pre' | 'PreCode'
type OpenKind = Kind | 'TextUrl' | 'CustomEmoji' | 'BlockQuote'
type Open = { kind: OpenKind; argument: string; offset: number; begin: number }
type Walk = { source: string; at: number; text: string; open: Open[]; entities: MessageEntity[] }

const RESERVED = new Set('_*[]()~`>#+-=|{}.!\n')
const TYPE_OF: Partial<
  Record<OpenKind, 'bold' | 'italic' | 'underline' | 'strikethrough' | 'spoiler' | 'code'>
> = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
}

/** Parses Telegram's MarkdownV2 style into text and entities; offsets and lengths count UTF-16 units. */
export function parseMarkdownV2(source: string): { text: string; entities: MessageEntity[] } {
  const walk: Walk = { source, at: 0, text: '', open: [], entities: [] }
  let lineStart = true
  for (; walk.at < source.length; walk.at += 1) {
    const char = source.charAt(walk.at)
    const next = source.charCodeAt(walk.at + 1)
    if (char === '\\' && next > 0 && next <= 126) {
      walk.at += 1
      walk.text += source.charAt(walk.at)
      lineStart = source[walk.at] === '\n'
      continue
    }
    const inCode = isCode(walk.open.at(-1)?.kind)
    if (inCode ? char !== '`' : !RESERVED.has(char)) {
      walk.text += char
      if (char !== '\r') lineStart = false
      continue
    }
    if (isEnd(walk, char)) {
      lineStart = closeEntity(walk, char)
    } else if (char === '\n') {
      walk.text += '\n'
      lineStart = true
    } else if (char === '>') {
      if (!lineStart) throw reserved(char)
      if (!walk.open.some((open) => open.kind === 'BlockQuote')) openEntity(walk, 'BlockQuote')
    } else {
      startEntity(walk, char)
    }
  }
  finishQuote(walk)
  const last = walk.open.at(-1)
  if (last) throw unfinished(walk, last)
  return { text: walk.text, entities: walk.entities }
}

function isCode(kind: OpenKind | undefined): boolean {
  return kind === 'Code' || kind === 'Pre' || kind === 'PreCode'
}

function isEnd(walk: Walk, char: string): boolean {
  const rest = walk.source.slice(walk.at)
  const open = walk.open.at(-1)
  if (!open) return false
  if (char === '\n' && walk.open.some(({ kind }) => kind === 'BlockQuote') && rest[1] !== '>') return true
  switch (open.kind) {
    case 'Bold':
      return char === '*'
    case 'Italic':
      return char === '_' && rest[1] !== '_'
    case 'Underline':
      return rest.startsWith('__')
    case 'Strikethrough':
      return char === '~'
    case 'Spoiler':
      return rest.startsWith('||')
    case 'Code':
      return char === '`'
    case 'Pre':
    case 'PreCode':
      return rest.startsWith('```')
    case 'TextUrl':
    case 'CustomEmoji':
      return char === ']'
    case 'BlockQuote':
      return false
    default:
      return open.kind satisfies never
  }
}

function startEntity(walk: Walk, char: string): void {
  const rest = walk.source.slice(walk.at)
  if (char === '_') {
    openEntity(walk, rest.startsWith('__') ? 'Underline' : 'Italic')
    if (rest.startsWith('__')) walk.at += 1
  } else if (char === '*') openEntity(walk, 'Bold')
  else if (char === '~') openEntity(walk, 'Strikethrough')
  else if (char === '[') openEntity(walk, 'TextUrl')
  else if (rest.startsWith('||')) {
    openEntity(walk, 'Spoiler')
    walk.at += 1
  } else if (rest.startsWith('![')) {
    openEntity(walk, 'CustomEmoji')
    walk.at += 1
  } else if (rest.startsWith('```')) {
    startPre(walk, rest)
  } else if (char === '`') openEntity(walk, 'Code')
  else throw reserved(char)
}

function startPre(walk: Walk, rest: string): void {
  const language = /^```([^\s`]+)(?=\s)/.exec(rest)?.[1] ?? ''
  openEntity(walk, language ? 'PreCode' : 'Pre', language)
  const header = rest.slice(0, 3 + language.length)
  const newline = /^(?:\r\n|\n\r|\n|\r)/.exec(rest.slice(header.length))?.[0] ?? ''
  walk.at += header.length + newline.length - 1
}

function openEntity(walk: Walk, kind: OpenKind, argument = ''): void {
  walk.open.push({ kind, argument, offset: walk.text.length, begin: walk.at })
}

/** Closes the innermost entity and says whether a new line begins here. */
function closeEntity(walk: Walk, char: string): boolean {
  if (char === '\n') {
    closeQuote(walk)
    walk.text += '\n'
    return true
  }
  const open = walk.open.pop()
  if (!open) return false
  const { kind, offset } = open
  const length = walk.text.length - offset
  if (kind === 'Underline' || kind === 'Spoiler') walk.at += 1
  if (kind === 'Pre' || kind === 'PreCode') {
    walk.at += 2
    if (length > 0) {
      const language = open.argument ? { language: open.argument } : {}
      walk.entities.push({ type: 'pre', offset, length, ...language })
    }
  } else if (kind === 'TextUrl' || kind === 'CustomEmoji') {
    closeLink(walk, kind, offset, length)
  } else {
    const type = TYPE_OF[kind]
    if (type && length > 0) walk.entities.push({ type, offset, length })
  }
  return false
}

function closeLink(walk: Walk, kind: 'TextUrl' | 'CustomEmoji', offset: number, length: number): void {
  const hasTarget = walk.source[walk.at + 1] === '('
  if (!hasTarget && kind === 'CustomEmoji') {
    throw parseError('The entity must contain a tg://emoji or tg://time URL')
  }
  const target = hasTarget ? readTarget(walk) : walk.text.slice(offset)
  if (kind === 'CustomEmoji') {
    const id = /^tg:\/\/emoji\?id=([1-9]\d*)$/.exec(target)?.[1]
    if (!id) throw parseError('Invalid tg://emoji or tg://time URL specified')
    if (length > 0) walk.entities.push({ type: 'custom_emoji', offset, length, custom_emoji_id: id })
    return
  }
  const link = length > 0 ? linkEntity(target, offset, length) : undefined
  if (link) walk.entities.push(link)
}

function readTarget(walk: Walk): string {
  const begin = walk.at + 2
  let target = ''
  let at = begin
  for (; at < walk.source.length && walk.source[at] !== ')'; at += 1) {
    if (walk.source[at] === '\\' && at + 1 < walk.source.length) at += 1
    target += walk.source.charAt(at)
  }
  if (at >= walk.source.length) {
    throw parseError(`Can't find end of a URL at byte offset ${byteOffset(walk.source, begin)}`)
  }
  walk.at = at
  return target
}

/** Ends a quotation at a line's end; a `||` right before it makes the quotation expandable. */
function closeQuote(walk: Walk): void {
  const last = walk.open.at(-1)
  if (!last) return
  const marksExpandable = last.kind === 'Spoiler' && last.offset === walk.text.length
  if (marksExpandable) walk.open.pop()
  const quote = walk.open.at(-1)
  if (quote?.kind !== 'BlockQuote') throw unfinished(walk, quote ?? last)
  walk.open.pop()
  const length = walk.text.length - quote.offset
  const type = marksExpandable ? 'expandable_blockquote' : 'blockquote'
  if (length > 0) walk.entities.push({ type, offset: quote.offset, length })
}

function finishQuote(walk: Walk): void {
  if (walk.open.some((open) => open.kind === 'BlockQuote')) closeQuote(walk)
}

function unfinished(walk: Walk, open: Open) {
  return parseError(
    `Can't find end of ${open.kind} entity at byte offset ${byteOffset(walk.source, open.begin)}`,
  )
}

function reserved(char: string) {
  return parseError(`Character '${char}' is reserved and must be escaped with the preceding '\\'`)
}
