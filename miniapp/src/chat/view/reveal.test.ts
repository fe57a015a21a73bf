import { expect, test } from 'vitest'
import { REVEAL_MS, revealNext } from './reveal.ts'

test('a lump of text is shown little by little, and never falls behind for long', () => {
  const text = 'x'.repeat(300)
  let shown = 0
  let frames = 0
  for (; shown < text.length && frames < 1000; frames++) {
    const next = revealNext(text, shown, 30)
    expect(next).toBeGreaterThan(shown)
    shown = next
  }
  expect(frames * 30).toBeGreaterThan(REVEAL_MS)
  expect(frames * 30).toBeLessThan(REVEAL_MS * 6)
})

test('half a symbol is never shown', () => {
  const text = '🧵🧵🧵'
  for (let shown = 0; shown < text.length; ) {
    shown = revealNext(text, shown, 1)
    expect(text.slice(0, shown)).not.toMatch(/[\ud800-\udbff]$/)
  }
})

test('a text that became shorter is shown as it is', () => {
  expect(revealNext('ab', 10, 30)).toBe(2)
})
