import { expect, test } from 'vitest'
import { readInitData, readTelegramLaunch } from './telegram-launch.ts'

function hashOf(fields: Record<string, string>): string {
  return `#${new URLSearchParams(fields)}`
}

test('the language and the theme come from what Telegram wrote', () => {
  const data = String(
    new URLSearchParams({ user: JSON.stringify({ id: 1, language_code: 'ar' }), hash: 'x' }),
  )
  const theme = JSON.stringify({ bg_color: '#17212b', text_color: '#F5F5F5' })
  expect(readTelegramLaunch(hashOf({ tgWebAppData: data, tgWebAppThemeParams: theme }))).toEqual({
    languageCode: 'ar',
    theme: { bg_color: '#17212b', text_color: '#F5F5F5' },
  })
})

test('a colour that is not a colour does not reach the page', () => {
  const theme = JSON.stringify({ bg_color: 'url(https://example.com)', text_color: 7, link_color: '#12345' })
  expect(readTelegramLaunch(hashOf({ tgWebAppThemeParams: theme })).theme).toEqual({})
})

test.each(['', '#', '#earn', '#tgWebAppThemeParams=%7B', '#tgWebAppThemeParams=null&tgWebAppData=user%3D7'])(
  '%j is a page outside Telegram',
  (hash) => {
    expect(readTelegramLaunch(hash)).toEqual({ theme: {} })
  },
)

function storageOf(values: Record<string, string> = {}) {
  return {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => {
      values[key] = value
    },
  }
}

test('what Telegram signed is kept for the next page of the tab', () => {
  const storage = storageOf()
  expect(readInitData('', storage)).toBeUndefined()
  expect(readInitData('#tgWebAppData=user%3D1', storage)).toBe('user=1')
  expect(readInitData('', storage)).toBe('user=1')
})

test('a browser that keeps nothing still opens the page that Telegram opened', () => {
  const refuse = () => {
    throw new Error('denied')
  }
  const storage = { getItem: refuse, setItem: refuse }
  expect(readInitData('#tgWebAppData=user%3D1', storage)).toBe('user=1')
  expect(readInitData('', storage)).toBeUndefined()
})
