import type { ReactNode } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import type { SealReport } from '../check-place.ts'
import { RunnerCode } from '../machines/runner-code.tsx'
import { FaultWords } from './fault-words.tsx'
import { momentWords } from './moment-words.ts'
import { StepMark } from './step-mark.tsx'
import { Trusted } from './trusted.tsx'
import { SEAL_PAGE_WORDS } from './words/words.ts'

/** Of one's own machine: its signature, and that it is the one that the person confirmed. */
export function PairedReport({
  report,
}: {
  readonly report: Extract<SealReport, { kind: 'paired' }>
}): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  const { language } = useSpeech()
  const { fault, isConfirmed, runnerId, untilMs } = report
  const isPast = fault === 'keys-expired'
  const isSigned = fault === undefined
  const verdict = isSigned ? (isConfirmed ? 'own-passed' : 'own-open') : isPast ? 'over' : 'own-refused'
  const steps = [
    ['own-signed', isSigned],
    ['own-named', isSigned && isConfirmed],
    ['own-fresh', isSigned],
  ] as const
  return (
    <div className="seal-columns">
      <div className="column">
        <article
          className="card seal-verdict"
          data-testid="seal-verdict"
          data-verdict={isSigned && isConfirmed ? 'accepted' : isPast ? 'over' : 'refused'}
        >
          <p className="verdict-head">
            <TierGlyph tier="own" />
            <b>{words[verdict]}</b>
          </p>
          {fault !== undefined && !isPast && <FaultWords why={fault} />}
          {untilMs !== undefined && <p>{fillText(words.until, { time: momentWords(language, untilMs) })}</p>}
          {!isConfirmed && isSigned && <PlaceLink to="/settings/machines">{words['to-machines']}</PlaceLink>}
        </article>
        <Trusted kind="paired" />
      </div>
      <section className="card" aria-labelledby="seal-steps">
        <h2 id="seal-steps">{words.steps}</h2>
        <ol className="seal-steps">
          {steps.map(([id, isFine]) => (
            <li key={id} data-testid="seal-step" data-step={id} data-verdict={isFine ? 'passed' : 'refused'}>
              <StepMark verdict={isFine ? 'passed' : 'refused'} />
              <div>
                <p>{words[id]}</p>
                <p className="hint">
                  {words[isFine ? 'verdict-passed' : 'verdict-refused']} · {words['by-device']}
                </p>
              </div>
            </li>
          ))}
        </ol>
        {runnerId !== undefined && (
          <>
            <p className="hint">{words['own-machine']}</p>
            <RunnerCode id={runnerId} label={words['own-machine']} />
          </>
        )}
      </section>
    </div>
  )
}
