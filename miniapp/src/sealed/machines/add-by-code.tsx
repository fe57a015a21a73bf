import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import type { TelegramClient } from '../../telegram/telegram.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { readRunnerId } from '../runner-name.ts'
import { MACHINE_WORDS } from './words/words.ts'

const CODE_CHARS_MAX = 128

type Props = { readonly own: readonly string[]; readonly onConfirm: (runnerId: string) => void }

/** Confirms the machine whose code is scanned with Telegram's camera, or typed where there is none. */
export function AddByCode({ own, onConfirm }: Props): ReactNode {
  const words = useWords(MACHINE_WORDS)
  const general = useSpeech().words
  const telegram = useTelegram()
  const scanQr = useScanner()
  const field = useId()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const take = async (text: string) => {
    const id = readRunnerId(text)
    setWrong(id === undefined)
    if (id === undefined) return telegram.haptic('error')
    const isSure =
      own.includes(id) ||
      (await telegram.confirm({
        text: words['another-sure'],
        yes: words.check,
        no: general.cancel,
        isDestructive: true,
      }))
    if (!isSure) return
    setTyped('')
    onConfirm(id)
  }
  const scan = async () => {
    const text = await scanQr?.(words['scan-hint'])
    if (text !== undefined) await take(text)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void take(typed)
  }
  return (
    <form className="add-by-code" onSubmit={submit}>
      {scanQr && (
        <button type="button" className="button" data-testid="scan" onClick={() => void scan()}>
          {words.scan}
        </button>
      )}
      <label htmlFor={field} className="hint">
        {words.paste}
      </label>
      <div className="code-row">
        <input
          id={field}
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={CODE_CHARS_MAX}
          placeholder={words['name-placeholder']}
          value={typed}
          data-testid="machine-code"
          aria-invalid={isWrong}
          onChange={({ target }) => setTyped(target.value)}
        />
        <button
          type="submit"
          className="button quiet"
          data-testid="machine-confirm"
          disabled={typed.trim() === ''}
        >
          {words.check}
        </button>
      </div>
      {isWrong && (
        <p className="bad" role="alert">
          {words['not-one']}
        </p>
      )}
    </form>
  )
}

/** Telegram's camera, where the client has one. */
function useScanner(): TelegramClient['scanQr'] {
  const telegram = useTelegram()
  const [scanQr, setScan] = useState<TelegramClient['scanQr']>()
  useEffect(() => {
    let left = false
    void telegram.ready.then((client) => !left && setScan(() => client.scanQr))
    return () => {
      left = true
    }
  }, [telegram])
  return scanQr
}
