import { expect, test } from 'vitest'
import { readTelegramLaunch } from './telegram-launch.ts'

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
