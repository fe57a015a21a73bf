import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { type Nano, parseNano } from '../../../../protocol/src/money.ts'
import { useLive } from '../../data/use-live.ts'
import { isRecord, type Session } from '../../session/session.ts'

const KEY = ['chat', 'balance'] as const

/** What the person can spend; undefined while it is not known. */
export function useBalance(session: Session): Nano | undefined {
  const { live } = useLive({
    key: KEY,
    ask: (signal) =>
      session.ask('/v1/balance', (value) => (isRecord(value) ? parseNano(value.available_nano) : undefined), {
        signal,
      }),
  })
  return 'value' in live ? live.value : undefined
}

/** Reads the balance again, as after an answer. */
export function useRenewBalance(): () => void {
  const client = useQueryClient()
  return useCallback(() => void client.invalidateQueries({ queryKey: KEY }), [client])
}
