import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTelegram } from '../telegram/telegram-context.tsx'

type Props = {
  readonly text: string
  readonly onPress: () => void
  readonly isBusy?: boolean
  readonly isEnabled?: boolean
}

/** The one action of a page: Telegram's own large button, or ours where there is none. */
export function MainAction({ text, onPress, isBusy = false, isEnabled = true }: Props): ReactNode {
  const telegram = useTelegram()
  const press = useRef(onPress)
  press.current = onPress
  const [isNative, setNative] = useState(telegram.isInside)
  useEffect(() => {
    let hide: (() => void) | undefined
    let left = false
    void telegram.ready.then((client) => {
      if (left) return
      hide = client.showMainButton({ text, isEnabled, isBusy, onPress: () => press.current() })
      setNative(hide !== undefined)
    })
    return () => {
      left = true
      hide?.()
    }
  }, [telegram, text, isEnabled, isBusy])
  if (isNative) return null
  return (
    <div className="main-action">
      <button type="button" className="button" disabled={!isEnabled || isBusy} onClick={onPress}>
        {text}
      </button>
    </div>
  )
}
