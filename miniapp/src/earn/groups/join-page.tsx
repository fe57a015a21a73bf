import { type ReactNode, useState } from 'react'
import type { InvitationJson } from '../../../../protocol/src/miniapp/groups.ts'
import { useLive } from '../../data/use-live.ts'
import { formatCount } from '../../network/price-words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { useEarnApi } from '../earn-context.tsx'
import { EarnFrame } from '../earn-frame.tsx'
import { Refusal } from '../refusal.tsx'
import { useAct } from '../use-act.ts'
import { EARN_KEY } from '../use-earn.ts'
import { GROUP_WORDS } from './words/words.ts'

const MEANS = ['join-1', 'join-2', 'join-3'] as const

/** Where an invitation leads: whose group it is, what joining means, and the way in. */
export function JoinPage({ code }: { readonly code: string }): ReactNode {
  const words = useWords(GROUP_WORDS)
  const api = useEarnApi()
  const used = useLive({
    key: [...EARN_KEY, 'invitation', code],
    ask: (signal) => api.invitation(code, signal),
  })
  const isUnknown = used.live.state === 'failed' && used.live.reason === 'unknown_invitation'
  return (
    <EarnFrame title={words.groups}>
      {isUnknown ? (
        <div className="card note" data-testid="no-invitation">
          <p role="status">{words['no-invitation']}</p>
          <ToGroups />
        </div>
      ) : (
        <LiveView of={used} skeleton={<Bone rows={4} />}>
          {(invitation) => <Invited code={code} invitation={invitation} />}
        </LiveView>
      )}
    </EarnFrame>
  )
}

function Invited({
  code,
  invitation,
}: {
  readonly code: string
  readonly invitation: InvitationJson
}): ReactNode {
  const { language } = useSpeech()
  const words = useWords(GROUP_WORDS)
  const api = useEarnApi()
  const { isBusy, reason, act } = useAct()
  const [hasJoined, setJoined] = useState(false)
  const join = async () => {
    if (await act(() => api.joinGroup(code))) setJoined(true)
  }
  const { group_name: name, members } = invitation
  const isMember = invitation.is_member || hasJoined
  return (
    <article className="card join" data-testid="invitation" data-member={isMember}>
      <p className="hint">{words['join-title']}</p>
      <h2 className="join-name">
        <Sentence text={words['join-to']} name={<bdi>{name}</bdi>} />
      </h2>
      <p className="hint">
        {fillText(pluralOf(language, words.members, members), { count: formatCount(language, members) })}
      </p>
      <ul className="plain-steps">
        {MEANS.map((id) => (
          <li key={id} className="with-glyph">
            <TierGlyph tier="own" />
            {words[id]}
          </li>
        ))}
      </ul>
      {isMember ? (
        <>
          <p role="status">{words['member-already']}</p>
          <div className="actions">
            <PlaceLink to="/chat" className="button as-link">
              {words['to-chat']}
            </PlaceLink>
            <ToGroups />
          </div>
        </>
      ) : (
        <button
          type="button"
          className="button"
          disabled={isBusy}
          data-testid="join-group"
          onClick={() => void join()}
        >
          {words.join}
        </button>
      )}
      <Refusal reason={reason} />
    </article>
  )
}

function ToGroups(): ReactNode {
  const words = useWords(GROUP_WORDS)
  return (
    <PlaceLink to="/earn/groups" className="button quiet as-link" testId="to-group-list">
      {words['to-group-list']}
    </PlaceLink>
  )
}
