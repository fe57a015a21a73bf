import { type ReactNode, useState } from 'react'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { useEarnApi } from '../earn-context.tsx'
import { EarnFrame } from '../earn-frame.tsx'
import { NameForm } from '../name-form.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { useGroups } from '../use-earn.ts'
import { GroupCard } from './group-card.tsx'
import { GROUP_WORDS } from './words/words.ts'

/** People who share runners: one's own groups, and those that one was invited to. */
export function GroupsPage(): ReactNode {
  const words = useWords(GROUP_WORDS)
  return (
    <EarnFrame title={words.groups}>
      <LiveView of={useGroups()} skeleton={<Bone rows={3} />}>
        {({ data }) => (
          <>
            {data.map((group) => (
              <GroupCard key={group.id} group={group} />
            ))}
            <NewGroup isFirst={data.length === 0} />
          </>
        )}
      </LiveView>
    </EarnFrame>
  )
}

function NewGroup({ isFirst }: { readonly isFirst: boolean }): ReactNode {
  const words = useWords(GROUP_WORDS)
  const api = useEarnApi()
  const { isBusy, reason, act } = useAct()
  const [made, setMade] = useState(0)
  const create = async (name: string) => {
    if (await act(() => api.createGroup(name))) setMade(made + 1)
  }
  return (
    <article className="card">
      <h2>{words[isFirst ? 'what-title' : 'new-group']}</h2>
      <p className={isFirst ? undefined : 'hint'}>{words.what}</p>
      <NameForm
        key={made}
        label={words['group-label']}
        save={words.create}
        name=""
        isBusy={isBusy}
        testId="group"
        onSave={(name) => void create(name)}
      />
      <Refusal reason={reason} />
    </article>
  )
}
