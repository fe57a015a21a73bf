import { expect, test } from 'vitest'
import { createDetokenizer } from './detokenizer.ts'

/** A tokenizer whose tokens are single bytes. */
const decode = (ids: number[]) => new TextDecoder().decode(Uint8Array.from(ids))
const encode = (text: string) => [...new TextEncoder().encode(text)]

test('Arabic, Russian and emoji come out unbroken, with the ids of exactly that text', () => {
  const text = 'حرير — шёлк 🦋👩‍🚀 ok'
  const detokenizer = createDetokenizer(decode, [])
  const units = encode(text).flatMap((id) => detokenizer.push(id) ?? [])
  expect(units.map((unit) => unit.text).join('')).toBe(text)
  for (const unit of units) {
    expect(unit.text).not.toContain('\uFFFD')
    expect(decode([...unit.ids])).toBe(unit.text)
  }
  expect(detokenizer.flush()).toBeUndefined()
})

test('an answer goes on in the middle of a word’s script', () => {
  const ids = encode('شرنقة')
  for (let cut = 2; cut < ids.length; cut += 2) {
    const detokenizer = createDetokenizer(decode, ids.slice(0, cut))
    const rest = ids.slice(cut).flatMap((id) => detokenizer.push(id) ?? [])
    expect(decode(ids.slice(0, cut)) + rest.map((unit) => unit.text).join('')).toBe('شرنقة')
  }
})

test('bytes that make no character are given up after a bound, and an unfinished one has no text', () => {
  const detokenizer = createDetokenizer(decode, [])
  const units = Array.from({ length: 8 }, () => detokenizer.push(0xff))
  expect(units.filter(Boolean)).toHaveLength(1)
  detokenizer.push(0xf0)
  expect(detokenizer.flush()).toEqual({ ids: [0xf0], text: '' })
})
