import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { moneyViewSchema } from '../../../../protocol/src/miniapp/wallet.ts'
import { type Nano, nano } from '../../../../protocol/src/money.ts'
import { personOf } from '../../chat/store/person-of.ts'
import { type UsedLive, useLive } from '../../data/use-live.ts'
import type { Session } from '../../session/session.ts'
import { readInitData } from '../../start/telegram-launch.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { type AtStake, atStake } from './own-coins.ts'
import { deleteDatabase, wipeDevice } from './wipe-device.ts'

const KEY = ['settings', 'at-stake'] as const

type Leaving = {
  readonly stake: UsedLive<AtStake>
  readonly isBusy: boolean
  /** Why the last try was refused. */
  readonly reason: string | undefined
  /** Deletes the account and makes this device forget. `giveUp`: own coins that may go with it. */
  readonly leave: (giveUp: Nano) => Promise<void>
}

/** What leaving would cost, and leaving. */
export function useLeaving(session: Session): Leaving {
  const { language } = useSpeech()
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [reason, setReason] = useState<string>()
  const stake = useLive({
    key: KEY,
    ask: (signal) => session.ask('/v1/balance', readStake, { signal }),
  })
  const leave = async (giveUp: Nano) => {
    setBusy(true)
    setReason(undefined)
    const body = { give_up_nano: String(giveUp) }
    const gone = await session.ask('/v1/account', () => true, { method: 'DELETE', body })
    if (!gone.ok) {
      setBusy(false)
      setReason(gone.reason)
      return client.invalidateQueries({ queryKey: KEY })
    }
    const person = personOf(readInitData(location.hash, sessionStorage))
    client.clear()
    await wipeDevice({ local: localStorage, session: sessionStorage, deleteDatabase }, person)
    // Without what Telegram signed: with it the next question would begin a new account.
    location.replace(
      `/settings/deleted?lang=${language}&theme=${document.documentElement.dataset.theme ?? ''}`,
    )
  }
  return { stake, isBusy, reason, leave }
}

function readStake(value: unknown): AtStake | undefined {
  const money = parserOf(moneyViewSchema)(value)
  if (!money) return undefined
  const amount = (text: string) => nano(BigInt(text))
  return atStake({
    available: amount(money.available_nano),
    withdrawable: amount(money.withdrawable_nano),
    accruing: amount(money.accruing_nano),
    payable: amount(money.payable_nano),
  })
}
