import { type ReactNode, useEffect, useState } from 'react'
import { formatTon } from '../../../../protocol/src/money.ts'
import { useWords } from '../../words/define-words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { deviceWords } from '../device-words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { PAIRING_STEPS, type Pairing, type PairingStep } from './pairing-steps.ts'
import { ADD_WORDS } from './words/words.ts'

const NOTHING_YET: readonly PairingStep[] = PAIRING_STEPS.map((id, at) => ({
  id,
  isDone: false,
  isCurrent: at === 0,
}))

/** A computer that was just paired loads and measures its model first: until then, silence means nothing. */
const LOADING_MS = 60_000

type Props = { readonly pairing: Pairing | undefined; readonly isStale: boolean }

/** How far it is. Each step that is done lights up; the thread runs under the one that goes on. */
export function StepsCard({ pairing, isStale }: Props): ReactNode {
  const general = useSpeech().words
  const words = useWords(ADD_WORDS)
  const say = useStepWords(pairing)
  const steps = pairing?.steps ?? NOTHING_YET
  const current = steps.find(({ isCurrent }) => isCurrent)
  const isLongAway = useHeldFor(pairing?.isAway ?? false, LOADING_MS)
  return (
    <article className={isStale ? 'card steps dimmed' : 'card steps'}>
      <h2>{words['how-far']}</h2>
      <p className="unseen" role="status">
        {steps
          .filter(({ isDone }) => isDone)
          .slice(-1)
          .map((step) => (
            <span key={step.id}>{say(step)}</span>
          ))}
      </p>
      <ol>
        {steps.map((step) => (
          <li
            key={step.id}
            data-testid="pairing-step"
            data-step={step.id}
            data-done={step.isDone}
            aria-current={step.isCurrent ? 'step' : undefined}
          >
            <i className="step-dot" />
            <span>{say(step)}</span>
          </li>
        ))}
      </ol>
      {isStale && <p className="hint">{general.stale}</p>}
      {!isStale && isLongAway && <p>{words.away}</p>}
      {current && !isLongAway && <p className="hint">{words['stay-or-go']}</p>}
    </article>
  )
}

/** Whether something has been so without a break for that long. */
function useHeldFor(isSo: boolean, ms: number): boolean {
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (!isSo) return
    const timer = setTimeout(() => setHeld(true), ms)
    return () => {
      clearTimeout(timer)
      setHeld(false)
    }
  }, [isSo, ms])
  return isSo && isHeld
}

function useStepWords(pairing: Pairing | undefined): (step: PairingStep) => ReactNode {
  const words = useWords(ADD_WORDS)
  const device = deviceWords(pairing?.device ?? null, useWords(EARN_WORDS).processor)
  return ({ id, isDone }) => {
    if (!isDone) return words[`step-${id}`]
    const what = {
      found: [pairing?.name, device].filter(Boolean).join(' · '),
      model: pairing?.models.join(', ') ?? '',
      job: '',
      earned: pairing ? formatTon(pairing.earned) : '',
    }[id]
    return (
      <Sentence
        text={words[`done-${id}`]}
        what={<bdi dir={id === 'earned' ? 'ltr' : undefined}>{what}</bdi>}
      />
    )
  }
}
