import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { faultWord } from './fault-word.ts'
import { SEAL_PAGE_WORDS } from './words/words.ts'

/** Says what was wrong with a sealed question or its answer, and its code for whoever helps. */
export function FaultWords({ why }: { readonly why: string }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  return (
    <>
      <p>{words[faultWord(why)]}</p>
      <p className="hint">
        <Sentence
          text={words['code-of']}
          code={
            <bdi dir="ltr">
              <code>{why}</code>
            </bdi>
          }
        />
      </p>
    </>
  )
}
