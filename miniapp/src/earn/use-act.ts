import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reply } from '../session/session.ts'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { EARN_KEY } from './use-earn.ts'

export type Act = {
  readonly isBusy: boolean
  /** Why the last one was refused. */
  readonly reason: string | undefined
  /** Does something that changes what the coordinator knows; gives what came of it, undefined where it was refused. */
  readonly act: <T>(work: () => Promise<Reply<T>>) => Promise<T | undefined>
}

/** For a button: one change at a time, with a tap that the hand feels, and the pages asked anew behind it. */
export function useAct(): Act {
  const client = useQueryClient()
  const telegram = useTelegram()
  const [isBusy, setBusy] = useState(false)
  const [reason, setReason] = useState<string>()
  const act = async <T>(work: () => Promise<Reply<T>>): Promise<T | undefined> => {
    setBusy(true)
    setReason(undefined)
    const reply = await work()
    telegram.haptic(reply.ok ? 'success' : 'error')
    await client.invalidateQueries({ queryKey: EARN_KEY })
    setBusy(false)
    if (reply.ok) return reply.value
    setReason(reply.reason)
    return undefined
  }
  return { isBusy, reason, act }
}
