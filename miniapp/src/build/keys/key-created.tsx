import { type ReactNode, useEffect } from 'react'
import './keys.css'
import type { CreatedApiKeyJson } from '../../../../protocol/src/miniapp/keys.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { KEY_WORDS } from './words/words.ts'

type Props = {
  readonly created: CreatedApiKeyJson
  /** Gives the way to put it away. */
  readonly onCopied?: (() => void) | undefined
}

/** A key right after it was made, the only time that it is shown. Until it is put away, closing the app asks first. */
export function KeyCreated({ created, onCopied }: Props): ReactNode {
  const telegram = useTelegram()
  const words = useWords(KEY_WORDS)
  useEffect(() => {
    telegram.confirmClosing(true)
    return () => telegram.confirmClosing(false)
  }, [telegram])
  return (
    <div className="column new-key">
      <p>
        <Sentence
          text={words['created-title']}
          name={
            <bdi>
              <b>{created.name}</b>
            </bdi>
          }
        />
      </p>
      <CodeBlock text={created.key} label={words['key-label']} testId="key-created" />
      <div>
        <p>
          <b>{words['created-once']}</b>
        </p>
        <p className="hint">{words['created-careful']}</p>
      </div>
      {onCopied && (
        <button type="button" className="button quiet" data-testid="key-copied" onClick={onCopied}>
          {words['created-done']}
        </button>
      )}
    </div>
  )
}
