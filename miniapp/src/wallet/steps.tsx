import type { ReactNode } from 'react'

type Props = {
  readonly label: string
  /** In their order. */
  readonly steps: readonly string[]
  /** How many are behind us; the next one runs. As many as there are: all done. */
  readonly done: number
}

/** How far something is: what is done, what runs (the thread under it), what is to come. */
export function Steps({ label, steps, done }: Props): ReactNode {
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, at) => (
        <li
          key={step}
          data-step={at < done ? 'done' : at === done ? 'runs' : 'comes'}
          aria-current={at === done ? 'step' : undefined}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="6.5" />
            {at < done && <path d="m5 8.2 2.1 2.1L11 6.2" />}
          </svg>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  )
}
