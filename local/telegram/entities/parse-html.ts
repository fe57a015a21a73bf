import type { MessageEntity } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { linkEntity } from './link-entity.ts'

type OpenTag = { name: string; argument: string; offset: number }
type Tag = { name: string; argument: string; end: number }

const TAGS = /^(?:a|b|strong|i|em|s|strike|del|u|ins|tg-spoiler|tg-emoji|tg-time|span|pre|code|blockquote)$/ // Bot API, "HTML style"
const SIMPLE: Record<string, 'bold' | 'italic' | 'strikethrough' | 'underline' | 'spoiler'> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
}
const CHARACTERS: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' }

/** Parses Telegram's HTML style into text and entities; offsets and lengths count UTF-16 units. */
export function parseHtml(source: string): { text: string; entities: MessageEntity[] } {
  const open: OpenTag[] = []
  const entities: MessageEntity[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const char = source[at]
    if (char === '&') {
      const decoded = decodeCharacter(source, at)
      text += decoded.char
      at = decoded.end
    } else if (char !== '<') {
      text += char
      at += 1
    } else if (source[at + 1] === '/') {
      at = closeTag(source, at, open, entities, text)
    } else {
      const tag = readStartTag(source, at)
      open.push({ name: tag.name, argument: tag.argument, offset: text.length })
      at = tag.end
    }
  }
  const last = open.at(-1)
  if (last) throw parseError(`Can't find end tag corresponding to start tag "${last.name}"`)
  return { text, entities }
}

function readStartTag(source: string, begin: number): Tag {
  const where = `at byte offset ${byteOffset(source, begin)}`
  let at = begin + 1
  while (at < source.length && !/[\s>]/.test(source.charAt(at))) at += 1
  if (at >= source.length) throw parseError(`Unclosed start tag ${where}`)
  const name = source.slice(begin + 1, at).toLowerCase()
  if (!TAGS.test(name)) throw parseError(`Unsupported start tag "${name}" ${where}`)
  let argument = ''
  for (;;) {
    while (/\s/.test(source.charAt(at))) at += 1
    if (source[at] === '>') break
    const attribute = /^[^\s=>/"']*/.exec(source.slice(at))?.[0] ?? ''
    if (!attribute && at < source.length) {
      throw parseError(`Empty attribute name in the tag "${name}" ${where}`)
    }
    at += attribute.length
    while (/\s/.test(source.charAt(at))) at += 1
    if (at >= source.length) throw parseError(`Unclosed start tag "${name}" ${where}`)
    if (source[at] !== '=') {
      if (name === 'blockquote' && attribute === 'expandable') argument = '1'
      continue
    }
    const value = readAttributeValue(source, at + 1, name, where)
    at = value.end
    argument = argumentOf(name, attribute, value.text) ?? argument
  }
  if (name === 'span' && argument !== 'spoiler') {
    throw parseError(`Tag "span" must have class "tg-spoiler" ${where}`)
  }
  return { name, argument, end: at + 1 }
}

function readAttributeValue(source: string, begin: number, tag: string, where: string) {
  let at = begin
  while (/\s/.test(source.charAt(at))) at += 1
  if (at >= source.length) throw parseError(`Unclosed start tag "${tag}" ${where}`)
  const quote = source.charAt(at)
  if (quote !== '"' && quote !== "'") {
    const token = /^[A-Za-z0-9.-]*/.exec(source.slice(at))?.[0] ?? ''
    const end = at + token.length
    if (!/[\s>]/.test(source.charAt(end))) {
      throw parseError(`Unexpected end of name token at byte offset ${byteOffset(source, at)}`)
    }
    return { text: token.toLowerCase(), end }
  }
  at += 1
  let text = ''
  while (at < source.length && source[at] !== quote) {
    const decoded =
      source[at] === '&' ? decodeCharacter(source, at) : { char: source.charAt(at), end: at + 1 }
    text += decoded.char
    at = decoded.end
  }
  if (at + 1 >= source.length) throw parseError(`Unclosed start tag ${where}`)
  return { text, end: at + 1 }
}

function argumentOf(tag: string, attribute: string, value: string): string | undefined {
  if (tag === 'a' && attribute === 'href') return value
  if (tag === 'code' && attribute === 'class' && value.startsWith('language-')) return value.slice(9)
  if (tag === 'span' && attribute === 'class' && value.startsWith('tg-')) return value.slice(3)
  if (tag === 'tg-emoji' && attribute === 'emoji-id') return value
  if (tag === 'tg-time' && attribute === 'unix') return value
  if (tag === 'blockquote' && attribute === 'expandable') return '1'
  return undefined
}

function closeTag(source: string, begin: number, open: OpenTag[], entities: MessageEntity[], text: string) {
  const where = `at byte offset ${byteOffset(source, begin)}`
  const tag = open.pop()
  if (!tag) throw parseError(`Unexpected end tag ${where}`)
  const written = /^[^\s>]*/.exec(source.slice(begin + 2))?.[0] ?? ''
  let at = begin + 2 + written.length
  while (/\s/.test(source.charAt(at))) at += 1
  if (source[at] !== '>') throw parseError(`Unclosed end tag ${where}`)
  const name = written.toLowerCase()
  if (name && name !== tag.name) {
    throw parseError(`Unmatched end tag ${where}, expected "</${tag.name}>", found "</${name}>"`)
  }
  const length = text.length - tag.offset
  if (length > 0) addEntity(tag, length, entities, text)
  return at + 1
}

function addEntity(tag: OpenTag, length: number, entities: MessageEntity[], text: string): void {
  const { offset, argument } = tag
  const simple = SIMPLE[tag.name]
  const before = entities.at(-1)
  const sameSpan = before?.offset === offset && before.length === length
  if (simple) {
    entities.push({ type: simple, offset, length })
  } else if (tag.name === 'a') {
    const link = linkEntity(argument || text.slice(offset), offset, length)
    if (link) entities.push(link)
  } else if (tag.name === 'blockquote') {
    entities.push({ type: argument ? 'expandable_blockquote' : 'blockquote', offset, length })
  } else if (tag.name === 'tg-emoji') {
    if (!/^[1-9]\d*$/.test(argument)) throw parseError('Invalid custom emoji identifier specified')
    entities.push({ type: 'custom_emoji', offset, length, custom_emoji_id: argument })
  } else if (tag.name === 'pre') {
    // <pre><code class="language-x"> is one entity, not two.
    if (before?.type === 'code' && sameSpan) entities.pop()
    const language = languageOf.get(before ?? tag)
    entities.push({ type: 'pre', offset, length, ...(sameSpan && language ? { language } : {}) })
  } else if (tag.name === 'code') {
    const entity: MessageEntity = { type: 'code', offset, length }
    if (argument) languageOf.set(entity, argument)
    entities.push(entity)
  }
}

/** The language a `<code>` named, kept aside because only a `<pre>` around it may carry one. */
const languageOf = new WeakMap<object, string>()

function decodeCharacter(source: string, at: number): { char: string; end: number } {
  const match = /^&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,7})|([a-zA-Z]+));?/.exec(source.slice(at, at + 16))
  const code = match?.[1] ? Number(match[1]) : match?.[2] ? Number.parseInt(match[2], 16) : 0
  const named = match?.[3] ? CHARACTERS[match[3]] : undefined
  if (match && named) return { char: named, end: at + match[0].length }
  if (match && code > 0 && code < 0x10ffff)
    return { char: String.fromCodePoint(code), end: at + match[0].length }
  return { char: '&', end: at + 1 }
}

export function byteOffset(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at))
}

export function parseError(reason: string) {
  return badRequest(`Can't parse entities: ${reason}`)
}
