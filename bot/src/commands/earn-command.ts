import { Composer } from 'grammy'
import { formatTon } from '../../../protocol/src/money.ts'
import { answer, type BotContext, inPrivate, type Talk } from '../bot-context.ts'
import type { OwnedRunner } from '../bot-deps.ts'
import { withCode } from '../chat/rich-text.ts'

const RUNNERS_MAX = 30

/** /earn: the command that makes a computer earn, and what the person's computers earned today. */
export function earnCommand(talk: Talk): Composer<BotContext> {
  const composer = new Composer<BotContext>()
  composer.command(
    'earn',
    inPrivate(talk, async (ctx) => {
      if (!ctx.from) return
      const { deps } = talk.chat
      const { accountId } = await deps.findAccount(ctx.from.id)
      const [{ code }, runners] = await Promise.all([
        deps.createPairingCode(accountId),
        deps.listRunners(accountId),
      ])
      const where = deps.publicUrl ? ` --coordinator ${deps.publicUrl}` : ''
      const command = `npm run runner -- start --pair ${code}${where}`
      const text = [
        ctx.words('earn-title'),
        command,
        ctx.words('earn-code', { code }),
        runnersText(ctx, runners),
      ].join('\n\n')
      const pre = withCode(text, [command], 'pre').entities
      // The code stands in the command as well: the one to be copied alone comes after it.
      const at = text.lastIndexOf(code)
      await answer(talk, ctx, { text, entities: [...pre, { type: 'code', offset: at, length: code.length }] })
    }),
  )
  return composer
}

function runnersText({ words }: BotContext, runners: readonly OwnedRunner[]): string {
  if (runners.length === 0) return words('earn-none')
  const rows = runners.slice(0, RUNNERS_MAX).map(({ name, online, earnedTodayNano }) =>
    words('earn-row', {
      name,
      state: words(online ? 'earn-online' : 'earn-offline'),
      earned: formatTon(earnedTodayNano),
    }),
  )
  return [words('earn-yours'), ...rows].join('\n')
}
