import { type ReactNode, useState } from 'react'
import { nano } from '../../../../protocol/src/money.ts'
import type { Session } from '../../session/session.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Amount } from '../../ui/amount.tsx'
import { Bone } from '../../ui/bones.tsx'
import { useFailureWords } from '../../ui/failure-words.ts'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { Listed } from '../listed.tsx'
import { SETTINGS_WORDS } from '../words/words.ts'
import type { AtStake } from './own-coins.ts'
import { useLeaving } from './use-leaving.ts'

/** What goes, what stays, which coins are in the way, and the one button. */
export function LeaveCard({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  const failure = useFailureWords()
  const { stake, isBusy, reason, leave } = useLeaving(session)
  const [givenUp, setGivenUp] = useState(nano(0n))
  return (
    <article className="card leave" aria-labelledby="leave">
      <h2 id="leave" className="detail-title">
        {words.leave}
      </h2>
      <h3>{words.goes}</h3>
      <Listed items={words['goes-list']} />
      <h3>{words.stays}</h3>
      <Listed items={words['stays-list']} />
      <LiveView of={stake} skeleton={<Bone rows={2} />}>
        {(value) => (
          <>
            <Coins stake={value} isGivenUp={givenUp >= value.own} onGiveUp={setGivenUp} />
            <LeaveButtons
              isPossible={givenUp >= value.own}
              isBusy={isBusy}
              onLeave={() => void leave(givenUp)}
            />
          </>
        )}
      </LiveView>
      {reason !== undefined && (
        <p className="bad" role="alert">
          {reason === 'coins_left' ? words['leave-coins'] : failure({ reason })}
        </p>
      )}
    </article>
  )
}

type ButtonsProps = {
  readonly isPossible: boolean
  readonly isBusy: boolean
  readonly onLeave: () => void
}

/** Two steps: the first tap only asks. */
function LeaveButtons({ isPossible, isBusy, onLeave }: ButtonsProps): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  const [isAsked, setAsked] = useState(false)
  if (!isAsked || !isPossible) {
    return (
      <button
        type="button"
        className="button bad-button"
        data-testid="leave"
        disabled={!isPossible}
        onClick={() => setAsked(true)}
      >
        {words['leave-button']}
      </button>
    )
  }
  return (
    <div className="sure" role="alertdialog" aria-labelledby="leave-sure">
      <p id="leave-sure">{words['leave-sure']}</p>
      <button
        type="button"
        className="button bad-button"
        data-testid="leave-sure"
        disabled={isBusy}
        onClick={onLeave}
      >
        {words[isBusy ? 'leave-busy' : 'leave-yes']}
      </button>
      <button type="button" className="button quiet" disabled={isBusy} onClick={() => setAsked(false)}>
        {words['leave-keep']}
      </button>
    </div>
  )
}

type CoinsProps = {
  readonly stake: AtStake
  readonly isGivenUp: boolean
  readonly onGiveUp: (amount: AtStake['own']) => void
}

/** Own coins leave first; who cannot or will not withdraw them gives them up by name. */
function Coins({ stake: { own, accruing, credit }, isGivenUp, onGiveUp }: CoinsProps): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  return (
    <>
      {own > 0n && (
        <div className="coins" data-testid="coins-first">
          <p>
            <Sentence text={words['coins-first']} amount={<Amount of={own} />} />{' '}
            {accruing > 0n && <Sentence text={words['coins-accruing']} amount={<Amount of={accruing} />} />}
          </p>
          <PlaceLink to="/wallet/withdraw" className="button as-link">
            {words.withdraw}
          </PlaceLink>
          <label>
            <input
              type="checkbox"
              checked={isGivenUp}
              data-testid="give-up"
              onChange={(event) => onGiveUp(event.target.checked ? own : nano(0n))}
            />
            <span>
              <Sentence text={words['coins-give-up']} amount={<Amount of={own} />} />
            </span>
          </label>
        </div>
      )}
      {credit > 0n && (
        <p className="hint">
          <Sentence text={words['credit-lost']} amount={<Amount of={credit} />} />
        </p>
      )}
    </>
  )
}
