import type { MessageEntity } from 'grammy/types'

/** A text with its formatting, as Telegram takes it: offsets and lengths in UTF-16 units. */
export type RichText = { readonly text: string; readonly entities: readonly MessageEntity[] }

export function plain(text: string): RichText {
  return { text, entities: [] }
}

/** Cuts out a range; entities that cross its borders go on in it. */
export function sliceRich({ text, entities }: RichText, start: number, end: number): RichText {
  const inside = entities.flatMap((entity): MessageEntity[] => {
    const from = Math.max(entity.offset, start)
    const length = Math.min(entity.offset + entity.length, end) - from
    return length > 0 ? [{ ...entity, offset: from - start, length }] : []
  })
  return { text: text.slice(start, end), entities: inside }
}

/** Drops white space at both ends, as Telegram does. Indentation at the start of a code block stays. */
export function trimRich(rich: RichText): RichText {
  const { text } = rich
  const isCode = rich.entities.some(({ type, offset }) => type === 'pre' && offset === 0)
  const blank = isCode ? /^(?:[^\S\n]*\n)+/ : /^\s+/
  const start = text.match(blank)?.[0].length ?? 0
  return sliceRich(rich, Math.min(start, text.trimEnd().length), text.trimEnd().length)
}

/** Puts a text behind another, a blank line between them. */
export function joinRich(first: RichText, second: RichText): RichText {
  if (!first.text) return second
  const gap = `${first.text}\n\n`
  const moved = second.entities.map((entity) => ({ ...entity, offset: entity.offset + gap.length }))
  return { text: gap + second.text, entities: [...first.entities, ...moved] }
}

/** Marks the first place of each value in a text, so that a tap copies it. */
export function withCode(
  text: string,
  values: readonly string[],
  type: 'code' | 'pre' | 'bold' = 'code',
): RichText {
  const entities = values.flatMap((value): MessageEntity[] => {
    const offset = text.indexOf(value)
    return offset < 0 ? [] : [{ type, offset, length: value.length }]
  })
  return { text, entities }
}
