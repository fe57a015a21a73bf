import type { ReactNode } from 'react'
import { waitWords } from '../network/wait-words.ts'
import { useWords } from '../words/define-words.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { type ApiStatus, lampOf } from './prices/api-status.ts'
import { BUILD_WORDS } from './words/words.ts'

/** Whether the API works, in one line with its lamp. */
export function StatusLine({ status }: { readonly status: ApiStatus }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const sentence =
    status.state === 'busy'
      ? fillText(words['status-busy'], { wait: waitWords(language, status.waitSeconds) })
      : words[`status-${status.state}`]
  return (
    <span className="status-line" data-testid="api-status" data-state={status.state}>
      <i className={`lamp ${lampOf(status)}`} />
      <span>{sentence}</span>
    </span>
  )
}
