import { expect, test } from 'vitest'
import { keepElectricityText, readElectricityText } from './kept-electricity.ts'

function setupStorage(text: string | null = null) {
  let kept = text
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value
    },
    removeItem: () => {
      kept = null
    },
  }
}
const typed = { watts: '320', hours: '8', price: '0,35', currency: 'EUR' }

test('what was typed is there again', () => {
  const storage = setupStorage()
  keepElectricityText(storage, typed)
  expect(readElectricityText(storage)).toEqual(typed)
})

test.each([null, '{', '[]', '{"watts":5}'])('from %j the usual figures come', (text) => {
  expect(readElectricityText(setupStorage(text))).toMatchObject({ watts: '150', hours: '24', price: '' })
})
