import type { ReactNode } from 'react'
import type { StepReport } from '../../../../protocol/src/attestation/verification-document.ts'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { reasonWord } from './reason-words.ts'
import { StepMark } from './step-mark.tsx'
import { SEAL_PAGE_WORDS } from './words/words.ts'

/** Every step of the check: what was checked, by whom, and what it said; its inputs for whoever wants them. */
export function StepList({ steps }: { readonly steps: readonly StepReport[] }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  return (
    <section className="card" aria-labelledby="seal-steps">
      <h2 id="seal-steps">{words.steps}</h2>
      <ol className="seal-steps">
        {steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </section>
  )
}

function Step({ step }: { readonly step: StepReport }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  const { name, verdict, reason, inputs } = step
  const facts = Object.entries(inputs)
  const isChecked = verdict === 'passed' || verdict === 'refused'
  return (
    <li data-testid="seal-step" data-step={name} data-verdict={verdict}>
      <StepMark verdict={verdict} />
      <div>
        <p>{verdict === 'refused' && reason ? words[reasonWord(reason)] : words[`step-${name}`]}</p>
        <p className="hint">
          {words[`verdict-${verdict}`]}
          {isChecked && ` · ${words['by-device']}`}
          {reason && (
            <>
              {' · '}
              <Sentence
                text={words['code-of']}
                code={
                  <bdi dir="ltr">
                    <code>{reason}</code>
                  </bdi>
                }
              />
            </>
          )}
        </p>
        {facts.length > 0 && (
          <details>
            <summary>{words.details}</summary>
            <dl className="step-inputs" dir="ltr">
              {facts.map(([fact, value]) => (
                <div key={fact}>
                  <dt>{fact}</dt>
                  <dd>
                    <code>{value}</code>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}
