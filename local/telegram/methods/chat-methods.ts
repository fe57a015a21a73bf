import type { ChatMember, File as TelegramFile } from 'grammy/types'
import { badRequest } from '../bot-api-error.ts'
import { intParam, type Params, textParam } from '../params.ts'
import { publicUser, requireChat, type TelegramServer } from '../telegram-server.ts'
import type { MethodTable } from './method.ts'

export const chatMethods: MethodTable = {
  getchat: (server, params) => ({
    ...requireChat(server, params, 'read').chat,
    accent_color_id: 0,
    max_reaction_count: 11,
  }),
  getchatmember: getChatMember,
  getchatmembercount: (server, params) => requireChat(server, params, 'read').memberIds.length + 1,
  leavechat: leaveChat,
  getfile: getFile,
}

function getChatMember(server: TelegramServer, params: Params): ChatMember {
  const record = requireChat(server, params, 'read')
  const userId = intParam(params, 'user_id')
  if (userId === server.bot.id) {
    const status = record.botStatus === 'administrator' ? 'administrator' : 'member'
    return { user: publicUser(server.bot), status } as ChatMember
  }
  const person = server.state.people.find(({ id }) => id === userId)
  if (!person) throw badRequest('PARTICIPANT_ID_INVALID')
  const isFirst = record.memberIds[0] === userId
  const status = record.memberIds.includes(userId) ? (isFirst ? 'creator' : 'member') : 'left'
  return { user: publicUser(person), status, ...(isFirst ? { is_anonymous: false } : {}) } as ChatMember
}

function leaveChat(server: TelegramServer, params: Params): true {
  const record = requireChat(server, params, 'write')
  if (record.chat.type === 'private') throw badRequest("chat member status can't be changed in private chats")
  record.botStatus = 'left'
  server.save()
  server.emit({ type: 'chats' })
  return true
}

function getFile(server: TelegramServer, params: Params): TelegramFile {
  const fileId = textParam(params, 'file_id')
  if (!fileId) throw badRequest('file_id not specified')
  const file = server.files.get(fileId)
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable')
  return {
    file_id: fileId,
    file_unique_id: `u${fileId}`,
    file_size: file.bytes.length,
    file_path: file.path,
  }
}
