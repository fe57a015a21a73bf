import { type ReactNode, useEffect, useRef, useState } from 'react'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'

const SAID_MS = 2000

type Props = {
  readonly text: string
  readonly label: string
  /** Of the text alone. */
  readonly testId?: string
}

/** Something to be copied whole. Where the browser does not let a page copy, it is selected for the person. */
export function CodeBlock({ text, label, testId }: Props): ReactNode {
  const { words } = useSpeech()
  const code = useRef<HTMLElement>(null)
  const [done, setDone] = useState<'copied' | 'selected'>()
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(undefined), SAID_MS)
    return () => clearTimeout(timer)
  }, [done])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setDone('copied')
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current)
      setDone('selected') // refused, or a page without https: one keystroke is left to the person
    }
  }
  return (
    <div className="code-block">
      <div className="code-head">
        <h4>{label}</h4>
        <button
          type="button"
          className="copy"
          aria-label={fillText(words['copy-what'], { what: label })}
          onClick={copy}
        >
          {words[done ?? 'copy']}
        </button>
      </div>
      <pre dir="ltr">
        <code ref={code} data-testid={testId}>
          {wholeOptions(text)}
        </code>
      </pre>
      <span className="unseen" role="status">
        {done ? words[done] : ''}
      </span>
    </div>
  )
}

/** Keeps options whole: without this a line could end behind the first hyphen of `--option`. */
function wholeOptions(text: string): ReactNode {
  return text.split(/((?<=\s)--?\w+)/).map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a command never move
    at % 2 === 1 ? <span key={at}>{part}</span> : part,
  )
}
