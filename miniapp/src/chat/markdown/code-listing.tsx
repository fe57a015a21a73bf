import type { ReactNode } from 'react'
import { useCopy } from '../../ui/use-copy.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { CHAT_WORDS } from '../words/words.ts'

const LANGUAGE_CHARS_MAX = 24

type Props = { readonly text: string; readonly language: string | undefined }

/** Code that an answer gives: its language, a button that copies it, and lines that scroll sideways. */
export function CodeListing({ text, language }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { isCopied, copy } = useCopy()
  const name = language?.trim().split(/\s/)[0]?.slice(0, LANGUAGE_CHARS_MAX)
  return (
    <figure className="listing" dir="ltr">
      <figcaption>
        <bdi>{name || words.code}</bdi>
        <button
          type="button"
          className="copy"
          aria-label={fillText(common['copy-what'], { what: name || words.code })}
          onClick={() => copy(text)}
        >
          {isCopied ? common.copied : common.copy}
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by the keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}
