import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Output } from './output.ts'
import { openProgress, progressLine, sizeText } from './progress.ts'

function setupOutput(mode: Output['mode']) {
  const lines: string[] = []
  const raw: string[] = []
  const output: Output = {
    mode,
    line: (text) => void lines.push(text),
    raw: (text) => void raw.push(text),
    problem: () => {},
    columns: () => 80,
    rows: () => 24,
  }
  return { output, lines, raw }
}

test('sizes are for people', () => {
  expect([0, 999, 1000, 5_845_625, 2_000_000_000].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '5.8 MB',
    '2.0 GB',
  ])
})

test('the thread grows with the download', () => {
  const plain = (bytes: number, total?: number) => stripVTControlCharacters(progressLine('x', bytes, total))
  expect(plain(0, 100)).toBe(`${'╌'.repeat(24)} 0 % of 100 B  x`)
  expect(plain(50, 100)).toBe(`${'━'.repeat(12)}${'╌'.repeat(12)} 50 % of 100 B  x`)
  expect(plain(100, 100)).toBe(`${'━'.repeat(24)} 100 % of 100 B  x`)
  expect(plain(7)).toContain('7 B  x')
})

test('a pipe gets a line per quarter, not one per chunk', () => {
  const { output, lines } = setupOutput('lines')
  const progress = openProgress(output, () => 0)
  for (let bytes = 1; bytes <= 1000; bytes++) progress.note('x', bytes, 1000)
  progress.close()
  expect(lines).toHaveLength(5)
  expect(lines.at(-1)).toBe('x: 1.0 kB of 1.0 kB')
})

test('a program gets objects', () => {
  const { output, lines } = setupOutput('json')
  openProgress(output, () => 0).note('x', 5, 10)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    event: 'download-progress',
    file: 'x',
    bytes: 5,
    totalBytes: 10,
  })
})

test('a terminal is drawn at most ten times a second, and the end always', () => {
  const { output, raw } = setupOutput('screen')
  let nowMs = 1000
  const progress = openProgress(output, () => nowMs)
  for (let bytes = 1; bytes < 100; bytes++) {
    nowMs += 10
    progress.note('x', bytes, 100)
  }
  progress.note('x', 100, 100)
  expect(raw.length).toBeLessThanOrEqual(12)
  expect(raw.at(-1)).toContain('100 %')
})
