import { type ReactNode, useId, useState } from 'react'
import type { Audience, RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import type { EarnGroup } from '../earn-api.ts'
import { useEarnApi } from '../earn-context.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { useGroups } from '../use-earn.ts'
import { RUNNER_WORDS } from './words/words.ts'

const AUDIENCES = ['everyone', 'group', 'own'] as const satisfies readonly Audience[]

/** Whose questions it answers, and whether that earns. */
export function SharingCard({ runner }: { readonly runner: RunnerDetailJson }): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const api = useEarnApi()
  const { live } = useGroups()
  const { isBusy, reason, act } = useAct()
  const [isChoosing, setChoosing] = useState(false)
  const name = useId()
  const groups = 'value' in live ? live.value.data : []
  const shown: Audience = isChoosing ? 'group' : runner.audience
  const change = async (audience: Audience, groupId?: string) => {
    await act(() =>
      api.updateRunner(runner.id, { audience, ...(groupId === undefined ? {} : { group_id: groupId }) }),
    )
    setChoosing(false)
  }
  const choose = (audience: Audience) => {
    setChoosing(audience === 'group')
    if (audience !== 'group') void change(audience)
  }
  return (
    <article className="card">
      <fieldset className="audiences" disabled={isBusy}>
        <legend>{words.sharing}</legend>
        {AUDIENCES.map((audience) => (
          <label key={audience} data-testid="audience" data-audience={audience}>
            <input type="radio" name={name} checked={shown === audience} onChange={() => choose(audience)} />
            <span>
              <b className="with-glyph">
                <TierGlyph tier={audience === 'everyone' ? 'open' : 'own'} />
                {words[`audience-${audience}`]}
              </b>
              <span className="hint">{words[`audience-${audience}-how`]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {shown === 'group' && (
        <WhichGroup
          groups={groups}
          chosenId={runner.audience === 'group' ? runner.group_id : null}
          isBusy={isBusy}
          onChoose={(id) => void change('group', id)}
        />
      )}
      <Refusal reason={reason} />
    </article>
  )
}

type WhichProps = {
  readonly groups: readonly EarnGroup[]
  readonly chosenId: string | null
  readonly isBusy: boolean
  readonly onChoose: (id: string) => void
}

function WhichGroup({ groups, chosenId, isBusy, onChoose }: WhichProps): ReactNode {
  const words = useWords(RUNNER_WORDS)
  const name = useId()
  if (groups.length === 0) {
    return (
      <div className="note">
        <p className="hint">{words['no-groups']}</p>
        <PlaceLink to="/earn/groups" className="button quiet as-link" testId="make-group">
          {words['make-group']}
        </PlaceLink>
      </div>
    )
  }
  return (
    <fieldset className="which-group" disabled={isBusy}>
      <legend className="hint">{words['which-group']}</legend>
      {groups.map((group) => (
        <label key={group.id} data-testid="audience-group" data-id={group.id}>
          <input
            type="radio"
            name={name}
            checked={group.id === chosenId}
            onChange={() => onChoose(group.id)}
          />
          <bdi>{group.name}</bdi>
        </label>
      ))}
    </fieldset>
  )
}
