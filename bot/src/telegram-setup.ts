import type { Api } from 'grammy'
import type { BotCommand, LanguageCode } from 'grammy/types'
import type { WordId } from './words/en.ts'
import { LANGUAGES, type Language, wordsFor } from './words/words.ts'

export const COMMANDS = [
  'start',
  'new',
  'model',
  'balance',
  'topup',
  'deposit',
  'withdraw',
  'earn',
  'privacy',
  'paysupport',
  'export',
  'delete',
  'help',
] as const

export type SetupApi = Pick<
  Api,
  | 'getMyCommands'
  | 'setMyCommands'
  | 'getMyDescription'
  | 'setMyDescription'
  | 'getMyShortDescription'
  | 'setMyShortDescription'
>

/**
 * Tells Telegram what the bot's commands are and what it is for, in every language; English for all others. Sets only
 * what is not so already, since Telegram lets a bot change these rarely. Gives how many were changed.
 */
export async function setUpBot(api: SetupApi): Promise<number> {
  let changes = 0
  for (const language of LANGUAGES) {
    changes += await setCommands(api, language)
    changes += await setDescriptions(api, language)
  }
  return changes
}

/** The commands as people see them in Telegram's menu. */
export function commandsIn(language: Language): BotCommand[] {
  const words = wordsFor(language)
  return COMMANDS.map((command) => ({
    command,
    description: words(`command-${command}` satisfies WordId),
  }))
}

async function setCommands(api: SetupApi, language: Language): Promise<number> {
  const wanted = commandsIn(language)
  const set = await api.getMyCommands(inLanguage(language))
  const isSame =
    set.length === wanted.length &&
    wanted.every(
      ({ command, description }, at) => set[at]?.command === command && set[at]?.description === description,
    )
  if (isSame) return 0
  await api.setMyCommands(wanted, inLanguage(language))
  return 1
}

async function setDescriptions(api: SetupApi, language: Language): Promise<number> {
  const words = wordsFor(language)
  const where = inLanguage(language)
  let changes = 0
  if ((await api.getMyDescription(where)).description !== words('description')) {
    await api.setMyDescription(words('description'), where)
    changes += 1
  }
  const short = await api.getMyShortDescription(where)
  if (short.short_description !== words('short-description')) {
    await api.setMyShortDescription(words('short-description'), where)
    changes += 1
  }
  return changes
}

/** English is set without a language, so that it is what everybody else sees. */
function inLanguage(language: Language): { language_code?: LanguageCode } {
  return language === 'en' ? {} : { language_code: language }
}
