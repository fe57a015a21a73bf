import type { BotCommand } from 'grammy/types'
import { expect, test } from 'vitest'
import { COMMANDS, commandsIn, type SetupApi, setUpBot } from './telegram-setup.ts'
import { LANGUAGES, wordsFor } from './words/words.ts'

type Where = { readonly language_code?: string } | undefined

/** Telegram's memory of a bot, by language. */
function setupApi() {
  const commands = new Map<string, readonly BotCommand[]>()
  const descriptions = new Map<string, string>()
  const shorts = new Map<string, string>()
  const sets: string[] = []
  const code = (where: Where) => where?.language_code ?? ''
  const api = {
    getMyCommands: async (where: Where) => commands.get(code(where)) ?? [],
    setMyCommands: async (list: readonly BotCommand[], where: Where) => {
      sets.push(`commands ${code(where)}`)
      commands.set(code(where), list)
      return true
    },
    getMyDescription: async (where: Where) => ({ description: descriptions.get(code(where)) ?? '' }),
    setMyDescription: async (text: string, where: Where) => {
      sets.push(`description ${code(where)}`)
      descriptions.set(code(where), text)
      return true
    },
    getMyShortDescription: async (where: Where) => ({ short_description: shorts.get(code(where)) ?? '' }),
    setMyShortDescription: async (text: string, where: Where) => {
      sets.push(`short ${code(where)}`)
      shorts.set(code(where), text)
      return true
    },
  } as unknown as SetupApi
  return { api, sets, commands, descriptions }
}

test('everything is set in three languages, English for all others', async () => {
  const { api, commands, descriptions } = setupApi()
  expect(await setUpBot(api)).toBe(9)
  expect([...commands.keys()].sort()).toEqual(['', 'ar', 'ru'])
  expect(commands.get('ar')?.map(({ command }) => command)).toEqual([...COMMANDS])
  expect(descriptions.get('ru')).toBe(wordsFor('ru')('description'))
})

test('a second start changes nothing, and says so', async () => {
  const { api, sets } = setupApi()
  await setUpBot(api)
  sets.length = 0
  expect(await setUpBot(api)).toBe(0)
  expect(sets).toEqual([])
})

test('only what differs is set', async () => {
  const { api, sets, commands } = setupApi()
  await setUpBot(api)
  sets.length = 0
  commands.set('ru', commandsIn('ru').slice(1))
  expect(await setUpBot(api)).toBe(1)
  expect(sets).toEqual(['commands ru'])
})

test.each(LANGUAGES)('commands in %s are as Telegram wants them', (language) => {
  for (const { command, description } of commandsIn(language)) {
    expect(command).toMatch(/^[a-z0-9_]{1,32}$/)
    expect(description.length).toBeGreaterThan(0)
  }
})
