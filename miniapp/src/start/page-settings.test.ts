import { expect, test } from 'vitest'
import { readPageSettings } from './page-settings.ts'

const telegram = (theme: object, language = 'ru') =>
  `#${new URLSearchParams({
    tgWebAppData: String(new URLSearchParams({ user: JSON.stringify({ language_code: language }) })),
    tgWebAppThemeParams: JSON.stringify(theme),
  })}`

test('a page that is asked for nothing is in English and follows the system', () => {
  expect(readPageSettings({ search: '', hash: '' }, [])).toEqual({
    language: 'en',
    direction: 'ltr',
    theme: 'auto',
    colors: {},
  })
})

test('the address goes before Telegram, and Telegram before the browser', () => {
  const hash = telegram({})
  expect(readPageSettings({ search: '?lang=ar', hash }, ['en-GB']).language).toBe('ar')
  expect(readPageSettings({ search: '', hash }, ['en-GB']).language).toBe('ru')
  expect(readPageSettings({ search: '', hash: '' }, ['fr-FR', 'ar-EG', 'en']).language).toBe('ar')
})

test('a language that we do not speak is passed over', () => {
  expect(readPageSettings({ search: '?lang=xx', hash: telegram({}, 'de') }, ['ru']).language).toBe('ru')
  expect(readPageSettings({ search: '?lang=xx', hash: '' }, ['de']).language).toBe('en')
})

test('Arabic runs from right to left, and only Arabic', () => {
  const direction = (lang: string) => readPageSettings({ search: `?lang=${lang}`, hash: '' }, []).direction
  expect(['en', 'ar', 'ru'].map(direction)).toEqual(['ltr', 'rtl', 'ltr'])
})

test("Telegram's colours become the page's, and say whether it is dark", () => {
  const hash = telegram({ bg_color: '#17212b', section_bg_color: '#1b2734', text_color: '#f5f5f5' })
  expect(readPageSettings({ search: '', hash }, [])).toMatchObject({
    theme: 'dark',
    colors: { '--surface': '#1b2734', '--text': '#f5f5f5' },
  })
})

test('a theme in the address leaves no colour of Telegram behind', () => {
  const hash = telegram({ bg_color: '#17212b' })
  expect(readPageSettings({ search: '?theme=light', hash }, [])).toMatchObject({ theme: 'light', colors: {} })
})
