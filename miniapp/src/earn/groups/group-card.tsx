import { type ReactNode, useState } from 'react'
import { useAbout } from '../../data/use-about.ts'
import { formatCount } from '../../network/price-words.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import type { EarnGroup } from '../earn-api.ts'
import { useEarnApi } from '../earn-context.tsx'
import { NameForm } from '../name-form.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { GroupActions } from './group-actions.tsx'
import { inviteLink } from './invite-link.ts'
import { GROUP_WORDS } from './words/words.ts'

/** A group: who is in it, how others come in, and the ways out. */
export function GroupCard({ group }: { readonly group: EarnGroup }): ReactNode {
  const words = useWords(GROUP_WORDS)
  const api = useEarnApi()
  const naming = useAct()
  const [isNaming, setNaming] = useState(false)
  const rename = async (name: string) => {
    if (await naming.act(() => api.renameGroup(group.id, name))) setNaming(false)
  }
  return (
    <article className="card group" data-testid="group" data-id={group.id}>
      <h2>
        <bdi>{group.name}</bdi>
      </h2>
      <p className="hint">{useGroupFacts(group)}</p>
      {group.invitation !== null && <Invitation name={group.name} code={group.invitation} />}
      <p className="hint">{words['share-from']}</p>
      {isNaming ? (
        <NameForm
          label={words['name-of-group']}
          save={words.save}
          name={group.name}
          isBusy={naming.isBusy}
          testId="group-rename"
          onSave={(name) => void rename(name)}
          onCancel={() => setNaming(false)}
        />
      ) : (
        <GroupActions group={group} onRename={() => setNaming(true)} />
      )}
      <Refusal reason={naming.reason} />
    </article>
  )
}

function useGroupFacts({ members, runners, is_owner }: EarnGroup): string {
  const { language } = useSpeech()
  const words = useWords(GROUP_WORDS)
  const say = (forms: typeof words.members, count: number) =>
    fillText(pluralOf(language, forms, count), { count: formatCount(language, count) })
  const counts = [say(words.members, members), say(words.runners, runners)]
  return [...counts, ...(is_owner ? [words['yours-group']] : [])].join(' · ')
}

function Invitation({ name, code }: { readonly name: string; readonly code: string }): ReactNode {
  const words = useWords(GROUP_WORDS)
  const telegram = useTelegram()
  const link = inviteLink(code, { botUsername: useAbout()?.botUsername, origin: location.origin })
  return (
    <>
      <CodeBlock text={link} label={words['invite-link']} />
      <button
        type="button"
        className="button"
        data-testid="group-invite"
        data-link={link}
        onClick={() => telegram.share(link, fillText(words['invite-text'], { name }))}
      >
        {words.invite}
      </button>
    </>
  )
}
