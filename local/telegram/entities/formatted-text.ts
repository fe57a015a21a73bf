import type { MessageEntity } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { jsonParam, type Params, textParam } from '../params.ts'
import { findEntities, overlaps, sortEntities } from './find-entities.ts'
import { byteOffset, parseHtml } from './parse-html.ts'
import { parseMarkdownV2 } from './parse-markdown-v2.ts'
import { readEntities } from './read-entities.ts'

export type FormattedText = { readonly text: string; readonly entities: MessageEntity[] }

export const TEXT_MAX = 4096 // UTF-16 units, after parsing
export const CAPTION_MAX = 1024 // UTF-16 units, after parsing
const SOURCE_BYTES_MAX = 32_768 // before parsing

type TextNames = { readonly text: string; readonly entities: string }

/**
 * Reads a text with its markup the way Telegram does: parse, check, clean, trim, mark links.
 * Refuses with Telegram's words; an empty result comes back as an empty text.
 */
export function readFormattedText(params: Params, names: TextNames): FormattedText {
  const source = textParam(params, names.text)
  if (Buffer.byteLength(source) > SOURCE_BYTES_MAX) throw badRequest('Text is too long')
  if (!source.isWellFormed()) throw badRequest('Strings must be encoded in UTF-8')
  const mode = textParam(params, 'parse_mode').toLowerCase()
  const parsed = parse(source, mode) ?? {
    text: source,
    entities: readEntities(jsonParam(params, names.entities, 'entities')),
  }
  const checked = checkBounds(parsed.text, sortEntities(parsed.entities))
  const trimmed = trim(clean(parsed.text), checked)
  return { text: trimmed.text, entities: findEntities(trimmed.text, nestProperly(trimmed)) }
}

function parse(source: string, mode: string): FormattedText | undefined {
  if (!source || !mode || mode === 'none') return undefined
  if (mode === 'html') return parseHtml(source)
  if (mode === 'markdownv2') return parseMarkdownV2(source)
  throw badRequest('Unsupported parse_mode')
}

/** Refuses an entity that leaves the text or cuts a surrogate pair. */
function checkBounds(text: string, entities: MessageEntity[]): MessageEntity[] {
  const kept = entities.filter(({ length }) => length > 0)
  for (const { offset, length } of kept) {
    const end = offset + length
    if (offset > text.length) {
      throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${offset}`)
    }
    if (cutsPair(text, offset)) {
      const at = byteOffset(text, offset + 1)
      throw badRequest(`Entity begins in a middle of a UTF-16 symbol at byte offset ${at}`)
    }
    if (end > text.length) {
      const where = `at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`
      throw badRequest(`Entity beginning ${where}`)
    }
    if (cutsPair(text, end)) {
      const where = `at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol`
      throw badRequest(`Entity beginning ${where} at byte offset ${byteOffset(text, end + 1)}`)
    }
  }
  return kept
}

function cutsPair(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1))
}

/** Control characters but the newline become spaces, one for one, so that no offset moves. */
function clean(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\u007F-\u009F]/gu, ' ')
}

function trim(text: string, entities: MessageEntity[]): FormattedText {
  const end = text.trimEnd().length
  const firstEntity = entities[0]?.offset ?? end
  const start = Math.min(text.length - text.trimStart().length, firstEntity, end)
  const moved = entities.flatMap((entity) => {
    const offset = entity.offset - start
    const length = Math.min(entity.offset + entity.length, end) - entity.offset
    return length > 0 ? [{ ...entity, offset, length }] : []
  })
  return { text: text.slice(start, end), entities: moved }
}

/** Nothing lives inside code, and one entity never ends inside another that began before it. */
function nestProperly({ entities }: FormattedText): MessageEntity[] {
  const result: MessageEntity[] = []
  for (const entity of entities) {
    const inCode = result.some((other) => ['code', 'pre'].includes(other.type) && overlaps(entity, other))
    const doubled = result.some((other) => other.type === entity.type && overlaps(entity, other))
    if (!inCode && !doubled) result.push(entity)
  }
  return result
}
