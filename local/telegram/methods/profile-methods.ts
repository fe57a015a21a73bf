import type { BotCommand, MenuButton } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { intParam, isRecord, jsonParam, type Params, textParam } from '../params.ts'
import { checkedWebAppUrl } from '../reply-markup.ts'
import type { TelegramServer } from '../telegram-server.ts'
import type { MethodTable } from './method.ts'

export const profileMethods: MethodTable = {
  getme: (server) => server.bot,
  setmycommands: setMyCommands,
  getmycommands: (server, params) => server.state.commands[commandKey(params)] ?? [],
  deletemycommands: deleteMyCommands,
  setmyname: (server, params) => setText(server, params, TEXTS.name),
  getmyname: (server, params) => ({ name: getText(server, params, TEXTS.name) || server.bot.first_name }),
  setmydescription: (server, params) => setText(server, params, TEXTS.description),
  getmydescription: (server, params) => ({ description: getText(server, params, TEXTS.description) }),
  setmyshortdescription: (server, params) => setText(server, params, TEXTS.shortDescription),
  getmyshortdescription: (server, params) => ({
    short_description: getText(server, params, TEXTS.shortDescription),
  }),
  setchatmenubutton: setChatMenuButton,
  getchatmenubutton: (server, params) => menuButtonOf(server, intParam(params, 'chat_id')),
}

const TEXTS = {
  name: { param: 'name', store: 'names', max: 64, label: 'Name' },
  description: { param: 'description', store: 'descriptions', max: 512, label: 'Description' },
  shortDescription: {
    param: 'short_description',
    store: 'shortDescriptions',
    max: 120,
    label: 'Short description',
  },
} as const
type TextKind = (typeof TEXTS)[keyof typeof TEXTS]

const COMMAND_MAX = 32
const COMMAND_DESCRIPTION_MAX = 256
const COMMANDS_MAX = 100
const PLAIN_SCOPES = new Set(['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'])
const CHAT_SCOPES = new Set(['chat', 'chat_administrators', 'chat_member'])

function setMyCommands(server: TelegramServer, params: Params): true {
  const value = jsonParam(params, 'commands', 'commands') ?? []
  if (!Array.isArray(value)) throw badRequest('Expected an Array of BotCommand')
  const key = commandKey(params)
  const commands = value.map(readCommand)
  if (commands.length > COMMANDS_MAX) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  server.state.commands[key] = commands
  profileChanged(server)
  return true
}

function deleteMyCommands(server: TelegramServer, params: Params): true {
  delete server.state.commands[commandKey(params)]
  profileChanged(server)
  return true
}

function readCommand(item: unknown): BotCommand {
  const where = "Can't parse BotCommand"
  if (!isRecord(item)) throw badRequest(`${where}: expected an Object`)
  for (const name of ['command', 'description']) {
    if (item[name] === undefined) throw badRequest(`${where}: Can't find field "${name}"`)
    if (typeof item[name] !== 'string') throw badRequest(`${where}: Field "${name}" must be of type String`)
  }
  const command = String(item.command).trim().replace(/^\//, '')
  const description = String(item.description).trim()
  if (!command) throw badRequest('Command must be non-empty')
  if (command.length > COMMAND_MAX) throw badRequest(`Command length must not exceed ${COMMAND_MAX}`)
  if (!/^[a-z0-9_]+$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
  if (!description) throw badRequest('Command description must be non-empty')
  if (description.length > COMMAND_DESCRIPTION_MAX) {
    throw badRequest(`Command description length must not exceed ${COMMAND_DESCRIPTION_MAX}`)
  }
  return { command, description }
}

function commandKey(params: Params): string {
  return `${scopeKey(params)}|${languageOf(params)}`
}

function scopeKey(params: Params): string {
  const value = jsonParam(params, 'scope', 'BotCommandScope')
  if (value === undefined) return 'default'
  const where = "Can't parse BotCommandScope"
  if (!isRecord(value)) throw badRequest(`${where}: BotCommandScope must be an Object`)
  const type = String(value.type ?? '')
  if (!type) throw badRequest(`${where}: Can't find field "type"`)
  if (PLAIN_SCOPES.has(type)) return type
  if (!CHAT_SCOPES.has(type)) throw badRequest(`${where}: Unsupported type specified`)
  const chatId = textParam(value, 'chat_id')
  if (!chatId) throw badRequest(`${where}: Empty chat_id specified`)
  if (type !== 'chat_member') return `${type} ${chatId}`
  const userId = intParam(value, 'user_id')
  if (userId <= 0) throw badRequest(`${where}: Invalid user_id specified`)
  return `${type} ${chatId} ${userId}`
}

function languageOf(params: Params): string {
  const language = textParam(params, 'language_code')
  if (language && !/^[a-z]{2}$/.test(language)) throw badRequest('Invalid language code specified')
  return language
}

/** The commands a person sees in a chat: the narrowest scope that has any, their language first. */
export function commandsFor(
  server: TelegramServer,
  chat: { readonly id: number; readonly type: string },
  language: string,
): BotCommand[] {
  const wide = chat.type === 'private' ? 'all_private_chats' : 'all_group_chats'
  for (const scope of [`chat ${chat.id}`, wide, 'default']) {
    for (const code of [language, '']) {
      const commands = server.state.commands[`${scope}|${code}`]
      if (commands && commands.length > 0) return commands
    }
  }
  return []
}

/** The text a person sees, in their language or else in the common one. */
export function profileText(texts: Readonly<Record<string, string>>, language: string): string {
  return texts[language] || texts[''] || ''
}

function setText(server: TelegramServer, params: Params, kind: TextKind): true {
  const language = languageOf(params)
  const text = textParam(params, kind.param).trim()
  if (text.length > kind.max) throw badRequest(`${kind.label} is too long`)
  const store = server.state[kind.store]
  if (text) store[language] = text
  else delete store[language]
  profileChanged(server)
  return true
}

function getText(server: TelegramServer, params: Params, kind: TextKind): string {
  return profileText(server.state[kind.store], languageOf(params))
}

function setChatMenuButton(server: TelegramServer, params: Params): true {
  const button = readMenuButton(jsonParam(params, 'menu_button', 'menu button'))
  const chatId = intParam(params, 'chat_id')
  const chat = server.state.chats.find((record) => record.chat.id === chatId)?.chat
  if (chatId !== 0 && chat?.type !== 'private') throw badRequest('chat not found')
  const key = chatId === 0 ? '' : String(chatId)
  if (button.type === 'default') delete server.state.menuButtons[key]
  else server.state.menuButtons[key] = button
  profileChanged(server)
  return true
}

function readMenuButton(value: unknown): MenuButton {
  if (value === undefined) return { type: 'default' }
  const where = "Can't parse menu button"
  if (!isRecord(value)) throw badRequest(`${where}: MenuButton must be an Object`)
  if (value.type === 'default' || value.type === 'commands') return { type: value.type }
  if (value.type !== 'web_app') throw badRequest(`${where}: MenuButton has unsupported type`)
  if (typeof value.text !== 'string') throw badRequest(`${where}: Can't find field "text"`)
  const url = isRecord(value.web_app) ? value.web_app.url : undefined
  if (typeof url !== 'string') throw badRequest(`${where}: Can't find field "web_app"`)
  return { type: 'web_app', text: value.text, web_app: { url: checkedWebAppUrl(url, 'Menu button Web App') } }
}

export function menuButtonOf(server: TelegramServer, chatId: number): MenuButton {
  const { menuButtons } = server.state
  return menuButtons[String(chatId)] ?? menuButtons[''] ?? { type: 'commands' }
}

function profileChanged(server: TelegramServer): void {
  server.save()
  server.emit({ type: 'profile' })
}
