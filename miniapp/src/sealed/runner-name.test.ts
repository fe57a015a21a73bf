import { expect, test } from 'vitest'
import { groupsOfFour, readRunnerId } from './runner-name.ts'

const NAME = '0123456789abcdefghjkmnpqrs'
const ID = `run_${NAME}`

test.each([
  ['the QR code of a runner', `sharnaqa:runner:${ID}`],
  ['an id', ID],
  ['an id without its beginning', NAME],
  ['an id in groups, as it is shown', `run_${groupsOfFour(ID).join(' ')}`],
  ['capital letters and line breaks', `  ${ID.toUpperCase()}\n`],
  ['marks of direction, as Arabic text carries them', `\u200e${ID}\u200f`],
])('%s is read', (_, text) => {
  expect(readRunnerId(text)).toBe(ID)
})

test.each([
  ['nothing', ''],
  ['another QR code', 'https://t.me/sharnaqa_bot'],
  ['an id that is too short', ID.slice(0, -1)],
  ['an id that is too long', `${ID}0`],
  ['letters that no id has', `run_${'u'.repeat(26)}`],
  ['a TEE, whose evidence is checked instead', 'ab'.repeat(32)],
])('%s is no runner', (_, text) => {
  expect(readRunnerId(text)).toBeUndefined()
})

test('an id is shown in groups of four, and nothing of it is left out', () => {
  expect(groupsOfFour(ID)).toEqual(['0123', '4567', '89ab', 'cdef', 'ghjk', 'mnpq', 'rs'])
})
