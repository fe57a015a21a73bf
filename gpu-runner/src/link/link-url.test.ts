import { expect, test } from 'vitest'
import { linkUrl } from './link-url.ts'

test('the socket is beside the coordinator’s HTTP address', () => {
  expect(linkUrl('https://ai.example/', 'run_1', 'silkworm')).toBe(
    'wss://ai.example/v1/runners/link?runner=run_1&model=silkworm',
  )
  expect(linkUrl('http://127.0.0.1:8787', 'run_1', 'owner/name:4b')).toBe(
    'ws://127.0.0.1:8787/v1/runners/link?runner=run_1&model=owner%2Fname%3A4b',
  )
})

test('what is no HTTP address gives none', () => {
  expect(linkUrl('ftp://ai.example', 'run_1', 'm')).toBeUndefined()
  expect(linkUrl('https://', 'run_1', 'm')).toBeUndefined()
})
