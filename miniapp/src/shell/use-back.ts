import { useEffect, useRef } from 'react'
import { useTelegram } from '../telegram/telegram-context.tsx'

/** Shows Telegram's own way back while a detail is open; undefined hides it. The page has a visible one as well. */
export function useBack(onBack: (() => void) | undefined): void {
  const telegram = useTelegram()
  const back = useRef(onBack)
  back.current = onBack
  const isShown = onBack !== undefined
  useEffect(() => (isShown ? telegram.showBack(() => back.current?.()) : undefined), [telegram, isShown])
}
