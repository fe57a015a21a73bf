import { expect, test } from 'vitest'
import { localParent } from './local-parent.ts'

test('a page on this machine hears a page on this machine', () => {
  expect(localParent('127.0.0.1', 'http://127.0.0.1:8081/')).toBe('http://127.0.0.1:8081')
  expect(localParent('localhost', 'http://127.0.0.1:8081/?lang=ar')).toBe('http://127.0.0.1:8081')
})

test.each([
  ['sharnaqa.example', 'http://127.0.0.1:8081/'],
  ['sharnaqa.example', 'https://evil.example/'],
  ['127.0.0.1', 'https://evil.example/'],
  ['127.0.0.1', 'http://127.0.0.1.evil.example/'],
  ['127.0.0.1', ''],
])('%s does not take %j for Telegram', (own, referrer) => {
  expect(localParent(own, referrer)).toBeUndefined()
})
