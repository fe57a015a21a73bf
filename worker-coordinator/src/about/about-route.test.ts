import { expect, test, vi } from 'vitest'
import { parseAbout } from '../../../protocol/src/miniapp/about.ts'
import { type AboutRouteDeps, aboutRoute } from './about-route.ts'
import { createBotNameReader } from './bot-name.ts'

async function ask(overrides: Partial<AboutRouteDeps> = {}) {
  const route = aboutRoute({
    readBotName: async () => 'sharnaqa_bot',
    tonNetwork: '-239',
    takesCoins: true,
    support: '@help',
    ...overrides,
  })
  const response = await route.request('/v1/about')
  return { status: response.status, about: parseAbout(await response.json()) }
}

test('anybody learns the bot, the chain, whether coins move, and whom to write to', async () => {
  expect(await ask()).toEqual({
    status: 200,
    about: { botUsername: 'sharnaqa_bot', tonNetwork: '-239', takesCoins: true, support: '@help' },
  })
})

test('what there is none of is left open, never invented', async () => {
  const { about } = await ask({ readBotName: async () => undefined, takesCoins: false, support: ' ' })
  expect(about).toMatchObject({ botUsername: undefined, takesCoins: false, support: undefined })
})

/** A Telegram that gives these answers, one after another, and a clock that a test turns. */
function setup(answers: readonly (() => Response)[], token: string | undefined = '1:secret') {
  const clock = { nowMs: 0 }
  const fetch = vi.fn(async (_url: string) => {
    const answer = answers[fetch.mock.calls.length - 1]
    if (!answer) throw new TypeError('network down')
    return answer()
  })
  const read = createBotNameReader({
    token,
    apiRoot: 'https://telegram.test/',
    fetch: fetch as unknown as typeof globalThis.fetch,
    nowMs: () => clock.nowMs,
  })
  return { read, fetch, clock }
}
const named = (username: string) => () => Response.json({ ok: true, result: { id: 1, username } })

test('the name is asked once a day, at the root that is configured', async () => {
  const { read, fetch, clock } = setup([named('first_bot'), named('second_bot')])
  expect(await read()).toBe('first_bot')
  clock.nowMs = 24 * 60 * 60_000 - 1
  expect(await read()).toBe('first_bot')
  expect(fetch.mock.calls.map(([url]) => url)).toEqual(['https://telegram.test/bot1:secret/getMe'])
  clock.nowMs += 1
  expect(await read()).toBe('second_bot')
})

test.each([
  ['does not answer', []],
  ['answers with an error', [() => Response.json({ ok: false, error_code: 401 }, { status: 401 })]],
  ['answers with rubbish', [() => new Response('<html>')]],
  ['gives a name that is none', [named('a/b?c')]],
])('a Telegram that %s gives no name, and is left alone for a minute', async (_, answers) => {
  const { read, fetch, clock } = setup(answers)
  expect(await read()).toBeUndefined()
  clock.nowMs = 59_999
  expect(await read()).toBeUndefined()
  expect(fetch).toHaveBeenCalledTimes(1)
  clock.nowMs = 60_000
  await read()
  expect(fetch).toHaveBeenCalledTimes(2)
})

test('a network without a bot asks nobody', async () => {
  const { read, fetch } = setup([], '')
  expect(await read()).toBeUndefined()
  expect(fetch).not.toHaveBeenCalled()
})
