import type { ReactNode } from 'react'
import type { Reply } from '../../session/session.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import type { EarnGroup } from '../earn-api.ts'
import { useEarnApi } from '../earn-context.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { GROUP_WORDS } from './words/words.ts'

type Action = 'new-invitation' | 'leave' | 'end'

type Props = { readonly group: EarnGroup; readonly onRename: () => void }

/** What an owner can do with a group, and what a member can. Each asks first: none of it can be taken back. */
export function GroupActions({ group, onRename }: Props): ReactNode {
  const general = useSpeech().words
  const words = useWords(GROUP_WORDS)
  const api = useEarnApi()
  const telegram = useTelegram()
  const { isBusy, reason, act } = useAct()
  const run = async (action: Action, work: (id: string) => Promise<Reply<unknown>>) => {
    const text = fillText(words[`${action}-question` as const], { name: group.name })
    const isDestructive = action !== 'new-invitation'
    if (await telegram.confirm({ text, yes: words[action], no: general.cancel, isDestructive })) {
      await act(() => work(group.id))
    }
  }
  const button = (action: Action, work: (id: string) => Promise<Reply<unknown>>) => (
    <button
      type="button"
      className={action === 'new-invitation' ? 'button quiet' : 'button quiet destructive'}
      disabled={isBusy}
      data-testid={`group-${action}`}
      onClick={() => void run(action, work)}
    >
      {words[action]}
    </button>
  )
  return (
    <>
      <div className="actions">
        {group.is_owner ? (
          <>
            {button('new-invitation', api.newInvitation)}
            <button type="button" className="button quiet" data-testid="group-rename" onClick={onRename}>
              {words.rename}
            </button>
            {button('end', api.endGroup)}
          </>
        ) : (
          button('leave', api.leaveGroup)
        )}
      </div>
      <Refusal reason={reason} />
    </>
  )
}
