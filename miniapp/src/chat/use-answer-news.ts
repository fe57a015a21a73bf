import { useEffect, useSyncExternalStore } from 'react'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { useRenewBalance } from './composer/use-balance.ts'
import type { ChatEngine } from './engine/chat-engine.ts'

/** Lets the hand feel when an answer has ended, renews the balance, and asks before the app is closed in the middle of one. */
export function useAnswerNews(engine: ChatEngine): void {
  const telegram = useTelegram()
  const renewBalance = useRenewBalance()
  useEffect(
    () =>
      engine.onAnswer(({ ending }) => {
        telegram.haptic(ending.how === 'failed' || ending.trouble ? 'warning' : 'success')
        renewBalance()
      }),
    [engine, telegram, renewBalance],
  )
  const isWriting = useSyncExternalStore(engine.subscribe, engine.isWriting)
  useEffect(() => {
    telegram.confirmClosing(isWriting)
    return () => telegram.confirmClosing(false)
  }, [telegram, isWriting])
}
