import { expect, test } from 'vitest'
import { setupTelegram } from './test-telegram.ts'

test.each([
  ['/', /^#tgWebAppData=/],
  ['/#/wallet', /^#\/wallet\?tgWebAppData=/],
  ['/#/wallet?tab=out', /^#\/wallet\?tab=out&tgWebAppData=/],
])('the launch data stand behind the page that %s opens', async (page, start) => {
  const { url } = await setupTelegram()
  const response = await fetch(`${url}/page/web-app`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: 1001, chat: 1001, url: `https://sharnaqa.example${page}` }),
  })
  const { result } = (await response.json()) as { result: string }
  expect(new URL(result).hash).toMatch(start)
})
