import type { MessageEntity } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { isRecord } from '../params.ts'

const KEPT = new Set(
  'bold italic underline strikethrough spoiler code blockquote expandable_blockquote'.split(' '),
)
const FOUND_BY_TELEGRAM = new Set(
  'mention hashtag cashtag bot_command url email phone_number bank_card_number'.split(' '),
)
const OFFSET_MAX = 1_000_000

/** Reads `entities` as the caller gave them. What Telegram finds by itself is left out, the unknown is refused. */
export function readEntities(value: unknown): MessageEntity[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item) => {
    const entity = readEntity(item)
    return entity ? [entity] : []
  })
}

function readEntity(item: unknown): MessageEntity | undefined {
  if (!isRecord(item)) throw badRequest("Can't parse MessageEntity: expected an Object")
  const offset = requiredInt(item, 'offset')
  const length = requiredInt(item, 'length')
  const type = requiredText(item, 'type')
  if (FOUND_BY_TELEGRAM.has(type)) return undefined
  if (offset < 0 || offset > OFFSET_MAX) throw badRequest(`Receive an entity with incorrect offset ${offset}`)
  if (length < 0 || length > OFFSET_MAX) throw badRequest(`Receive an entity with incorrect length ${length}`)
  if (KEPT.has(type)) return { type: type as 'bold', offset, length }
  switch (type) {
    case 'pre':
      return { type, offset, length, ...(item.language ? { language: String(item.language) } : {}) }
    case 'text_link':
      return { type, offset, length, url: requiredText(item, 'url') }
    case 'text_mention': {
      if (!isRecord(item.user)) throw badRequest('Can\'t parse MessageEntity: Can\'t find field "user"')
      const id = requiredInt(item.user, 'id')
      return { type, offset, length, user: { id, is_bot: false, first_name: '' } }
    }
    case 'custom_emoji':
      return { type, offset, length, custom_emoji_id: requiredText(item, 'custom_emoji_id') }
    case 'date_time':
      return { type, offset, length, unix_time: requiredInt(item, 'unix_time') } as MessageEntity
    default:
      throw badRequest("Can't parse MessageEntity: Unsupported type specified")
  }
}

function requiredInt(item: Record<string, unknown>, name: string): number {
  const value = item[name]
  if (value === undefined) throw badRequest(`Can't parse MessageEntity: Can't find field "${name}"`)
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw badRequest(`Can't parse MessageEntity: Field "${name}" must be of type Number`)
  }
  return number
}

function requiredText(item: Record<string, unknown>, name: string): string {
  const value = item[name]
  if (value === undefined) throw badRequest(`Can't parse MessageEntity: Can't find field "${name}"`)
  if (typeof value !== 'string') {
    throw badRequest(`Can't parse MessageEntity: Field "${name}" must be of type String`)
  }
  return value
}
