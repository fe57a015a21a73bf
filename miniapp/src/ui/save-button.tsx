import { type ReactNode, useState } from 'react'
import type { Reply } from '../session/session.ts'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { useFailureWords } from './failure-words.ts'
import { saveFile } from './save-file.ts'
import { useCopy } from './use-copy.ts'

type Props = {
  readonly text: string
  readonly busyText: string
  /** Said when it is done, with a `{name}` to fill. A button to copy follows it. */
  readonly savedText: string
  readonly name: string
  readonly type: string
  readonly read: () => Promise<Reply<string>>
  readonly testId: string
}

/** Saves something as a file. Webviews inside Telegram keep files where nobody finds them, or not at all: it can be copied, too. */
export function SaveButton({ text, busyText, savedText, name, type, read, testId }: Props): ReactNode {
  const { words } = useSpeech()
  const failure = useFailureWords()
  const telegram = useTelegram()
  const { isCopied, copy } = useCopy()
  const [isBusy, setBusy] = useState(false)
  const [saved, setSaved] = useState<string>()
  const [reason, setReason] = useState<string>()
  const save = async () => {
    setBusy(true)
    setReason(undefined)
    const got = await read()
    setBusy(false)
    telegram.haptic(got.ok ? 'success' : 'error')
    if (!got.ok) return setReason(got.reason)
    setSaved(got.value)
    await saveFile({ name, type, text: got.value })
  }
  return (
    <>
      <button
        type="button"
        className="button quiet"
        data-testid={testId}
        disabled={isBusy}
        onClick={() => void save()}
      >
        {isBusy ? busyText : text}
      </button>
      {reason !== undefined && (
        <p className="bad" role="alert">
          {failure({ reason })}
        </p>
      )}
      {saved !== undefined && (
        <p className="hint" role="status">
          <Sentence text={savedText} name={<bdi dir="ltr">{name}</bdi>} />{' '}
          <button type="button" className="copy" data-testid={`${testId}-copy`} onClick={() => copy(saved)}>
            {words[isCopied ? 'copied' : 'copy']}
          </button>
        </p>
      )}
    </>
  )
}
