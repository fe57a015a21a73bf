import type { ReactNode } from 'react'
import { useCopy } from '../../ui/use-copy.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'

type FactProps = {
  readonly name: string
  /** `sentence`: below its name, for it is longer than a line. */
  readonly look?: 'sentence'
  readonly children: ReactNode
}

/** One line of a receipt. */
export function Fact({ name, look, children }: FactProps): ReactNode {
  if (children === false) return null
  return (
    <div className={look}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Something long that is only ever compared or handed on: shown small, and copied whole. */
export function CopyFact({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  const { words: common } = useSpeech()
  const { isCopied, copy } = useCopy()
  return (
    <div>
      <dt>{name}</dt>
      <dd className="copy-fact">
        <bdi dir="ltr">
          <code>{text}</code>
        </bdi>
        <button
          type="button"
          className="copy"
          aria-label={fillText(common['copy-what'], { what: name })}
          onClick={() => copy(text)}
        >
          {isCopied ? common.copied : common.copy}
        </button>
      </dd>
    </div>
  )
}
