import { Composer, InputFile } from 'grammy'
import { answer, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import type { Memory } from '../chat/memory.ts'
import { plain } from '../chat/rich-text.ts'
import { inPlace } from '../chat/say.ts'
import { splitAnswer } from '../chat/split-answer.ts'
import type { Words } from '../words/words.ts'

const FILE_NAME = 'sharnaqa-conversation.md'
/** Where no file can be sent, so many messages at most, the newest. */
const MESSAGES_MAX = 5

/** /export: the conversation as a file; where files do not get through, as text. */
export function exportCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'export',
    inPrivate(talk, async (ctx) => {
      const { chat } = talk
      const memory = chat.state.memory()
      if (memory.length === 0) return answer(talk, ctx, ctx.words('export-empty'))
      const text = exportText(memory, ctx.words)
      const file = new InputFile(new TextEncoder().encode(text), FILE_NAME)
      const sent = await chat.gate.call(
        'send',
        () =>
          chat.api.sendDocument(chat.place.chatId, file, {
            ...inPlace(chat, undefined),
            caption: ctx.words('export-caption'),
          }),
        { patience: 'patient' },
      )
      if (sent.ok || sent.reason === 'lost' || sent.reason === 'blocked') return
      for (const part of splitAnswer(plain(text)).slice(-MESSAGES_MAX)) await answer(talk, ctx, part)
    }),
  )
  return composer
}

/** The whole of what the bot remembers, to be read by people. */
export function exportText(memory: Memory, words: Words): string {
  return memory
    .map(({ role, text }) => `## ${words(role === 'user' ? 'export-you' : 'export-bot')}\n\n${text}\n`)
    .join('\n')
}
