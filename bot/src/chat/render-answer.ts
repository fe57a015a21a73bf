import type { MessageEntity } from 'grammy/types'
import { lexer, type Token, type Tokens } from 'marked'
import { plain, type RichText, trimRich } from './rich-text.ts'

type Style = Omit<MessageEntity.CommonMessageEntity, 'offset' | 'length'> | Link | Code
type Link = { type: 'text_link'; url: string }
type Code = { type: 'pre'; language?: string }
type Writer = { text: string; entities: MessageEntity[] }

const LINK = /^(?:https?|tg):\/\//i
const RULE = '———'
const LANGUAGE_CHARS_MAX = 32
const NAMED: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

/**
 * Turns a model's Markdown, finished or half written, into Telegram's text and entities.
 *
 * Headings become bold, lists and rules text, tables preformatted text; links only to http, https and tg. What Markdown
 * has no meaning for stays as it was written.
 */
export function renderAnswer(markdown: string): RichText {
  try {
    const writer: Writer = { text: '', entities: [] }
    writeBlocks(writer, lexer(markdown), '\n\n')
    return trimRich({ text: writer.text, entities: untangle(writer.entities) })
  } catch {
    return plain(markdown.trim()) // the parser gave up: the words matter more than their looks
  }
}

function writeBlocks(writer: Writer, tokens: readonly Token[], gap: string): void {
  let isFirst = true
  for (const token of tokens) {
    if (token.type === 'space' || token.type === 'checkbox') continue
    if (!isFirst) writer.text += gap
    isFirst = false
    writeBlock(writer, token)
  }
}

function writeBlock(writer: Writer, token: Token): void {
  switch (token.type) {
    case 'heading':
      return wrap(writer, { type: 'bold' }, () => writeInlines(writer, token.tokens ?? []))
    case 'code': {
      const language = String(token.lang ?? '').split(/\s/)[0]
      const style: Code =
        language && language.length <= LANGUAGE_CHARS_MAX ? { type: 'pre', language } : { type: 'pre' }
      return wrap(writer, style, () => write(writer, token.text))
    }
    case 'blockquote':
      return wrap(writer, { type: 'blockquote' }, () => writeBlocks(writer, token.tokens ?? [], '\n\n'))
    case 'list':
      return writeList(writer, token as Tokens.List)
    case 'table':
      return wrap(writer, { type: 'pre' }, () => write(writer, tableText(token as Tokens.Table)))
    case 'hr':
      return write(writer, RULE)
    case 'paragraph':
    case 'text':
      return token.tokens ? writeInlines(writer, token.tokens) : write(writer, decoded(token.text))
    default:
      return write(writer, token.raw.trimEnd())
  }
}

function writeList(writer: Writer, list: Tokens.List): void {
  list.items.forEach((item, index) => {
    if (index > 0) writer.text += '\n'
    const mark = item.task
      ? item.checked
        ? '☑'
        : '☐'
      : list.ordered
        ? `${Number(list.start || 1) + index}.`
        : '•'
    writer.text += `${mark} `
    const start = writer.text.length
    writeBlocks(writer, item.tokens, '\n')
    indent(writer, start)
  })
}

/** Moves what a list item holds beyond its first line to the right, but for code, which is copied as it stands. */
function indent(writer: Writer, start: number): void {
  const step = '  '
  for (let at = writer.text.indexOf('\n', start); at >= 0; at = writer.text.indexOf('\n', at + 1)) {
    const next = at + 1
    const isCode = writer.entities.some(
      ({ type, offset, length }) => type === 'pre' && offset <= next && next < offset + length,
    )
    if (isCode || next >= writer.text.length) continue
    writer.text = writer.text.slice(0, next) + step + writer.text.slice(next)
    writer.entities = writer.entities.map((entity) => {
      if (entity.offset >= next) return { ...entity, offset: entity.offset + step.length }
      return entity.offset + entity.length > next
        ? { ...entity, length: entity.length + step.length }
        : entity
    })
  }
}

function writeInlines(writer: Writer, tokens: readonly Token[]): void {
  for (const token of tokens) writeInline(writer, token)
}

function writeInline(writer: Writer, token: Token): void {
  const inner = () =>
    writeInlines(writer, token.type === 'text' ? [] : ((token as Tokens.Strong).tokens ?? []))
  switch (token.type) {
    case 'strong':
      return wrap(writer, { type: 'bold' }, inner)
    case 'em':
      return wrap(writer, { type: 'italic' }, inner)
    case 'del':
      return wrap(writer, { type: 'strikethrough' }, inner)
    case 'codespan':
      return wrap(writer, { type: 'code' }, () => write(writer, token.text))
    case 'link':
    case 'image':
      return writeLink(writer, token as Tokens.Link)
    case 'br':
      return write(writer, '\n')
    case 'text':
      return token.tokens ? writeInlines(writer, token.tokens) : write(writer, decoded(token.text))
    case 'escape':
      return write(writer, token.text)
    case 'html':
      return write(writer, /^<br\s*\/?>$/i.test(token.raw) ? '\n' : token.raw)
    default:
      return write(writer, token.raw)
  }
}

function writeLink(writer: Writer, token: Tokens.Link): void {
  const inner = () => writeInlines(writer, token.tokens ?? [])
  // Telegram finds a bare address by itself.
  if (!LINK.test(token.href) || token.text === token.href) return inner()
  wrap(writer, { type: 'text_link', url: token.href }, inner)
}

function tableText({ header, rows }: Tokens.Table): string {
  const cells = [header, ...rows].map((row) => row.map(cellText))
  const widths = header.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join(' │ ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─')
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}

function cellText(cell: Tokens.TableCell): string {
  const writer: Writer = { text: '', entities: [] }
  writeInlines(writer, cell.tokens)
  return writer.text.replaceAll('\n', ' ')
}

function widthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length
}

function write(writer: Writer, text: string): void {
  writer.text += text
}

function wrap(writer: Writer, style: Style, inner: () => void): void {
  const offset = writer.text.length
  inner()
  const length = writer.text.length - offset
  if (length > 0) writer.entities.push({ ...style, offset, length } as MessageEntity)
}

function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|amp|quot|#39|nbsp);/g, (name) => NAMED[name] ?? name)
}

/** Telegram lets code neither hold nor be held by another style: the others make room, a link wins over code in it. */
function untangle(entities: readonly MessageEntity[]): MessageEntity[] {
  const links = entities.filter(({ type }) => type === 'text_link')
  const isCode = ({ type }: MessageEntity) => type === 'code' || type === 'pre'
  const holds = (outer: MessageEntity, inner: MessageEntity) =>
    outer !== inner &&
    outer.offset <= inner.offset &&
    inner.offset + inner.length <= outer.offset + outer.length
  const kept = entities.filter((entity) => {
    if (isCode(entity)) return !links.some((link) => holds(link, entity))
    if (entity.type === 'blockquote')
      return !entities.some((outer) => outer.type === 'blockquote' && holds(outer, entity))
    return true
  })
  const codes = kept.filter(isCode)
  const pieces = kept.flatMap((entity) => {
    if (isCode(entity) || entity.type === 'blockquote') return [entity]
    return without(
      entity,
      codes.filter((code) => holds(entity, code)),
    )
  })
  return pieces.toSorted((a, b) => a.offset - b.offset || b.length - a.length)
}

function without(entity: MessageEntity, holes: readonly MessageEntity[]): MessageEntity[] {
  const end = entity.offset + entity.length
  let offset = entity.offset
  const pieces: MessageEntity[] = []
  for (const hole of [...holes, { offset: end, length: 0 }].toSorted((a, b) => a.offset - b.offset)) {
    if (hole.offset > offset) pieces.push({ ...entity, offset, length: hole.offset - offset })
    offset = hole.offset + hole.length
  }
  return pieces
}
