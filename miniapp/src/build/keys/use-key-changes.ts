import { useState } from 'react'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import {
  apiKeySchema,
  type CreatedApiKeyJson,
  createdApiKeySchema,
  revokedKeySchema,
  type UpdateKeyJson,
} from '../../../../protocol/src/miniapp/keys.ts'
import type { Reply, Session } from '../../session/session.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useFailureWords } from '../../ui/failure-words.ts'
import { useWords } from '../../words/define-words.ts'
import { useCreatedKey, useKeysChanged } from '../use-build.ts'
import type { KeyFields } from './key-form.ts'
import { KEY_WORDS } from './words/words.ts'

const parseKey = parserOf(apiKeySchema)
const parseCreated = parserOf(createdApiKeySchema)
const parseRevoked = parserOf(revokedKeySchema)

export type KeyChanges = {
  readonly isBusy: boolean
  /** Why the last change was refused. */
  readonly trouble: string | undefined
  readonly create: (fields: KeyFields) => Promise<boolean>
  readonly update: (id: number, change: UpdateKeyJson) => Promise<boolean>
  readonly revoke: (id: number) => Promise<boolean>
}

/** Changes the person's keys, one at a time. Each change says whether it was made. */
export function useKeyChanges(session: Session): KeyChanges {
  const telegram = useTelegram()
  const words = useWords(KEY_WORDS)
  const failure = useFailureWords()
  const changed = useKeysChanged()
  const [created, keepCreated] = useCreatedKey()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()

  const change = async <T>(work: () => Promise<Reply<T>>, then: (value: T) => void): Promise<boolean> => {
    setBusy(true)
    setTrouble(undefined)
    const reply = await work()
    if (reply.ok) then(reply.value)
    else setTrouble(sentenceOf(reply.reason))
    telegram.haptic(reply.ok ? 'success' : 'error')
    await changed()
    setBusy(false)
    return reply.ok
  }
  const sentenceOf = (reason: string): string => {
    if (reason === 'too_many_keys') return words['refused-too-many']
    return reason === 'key_not_found' ? words['refused-gone'] : failure({ reason })
  }
  const pathOf = (id: number) => `/v1/keys/${id}`
  return {
    isBusy,
    trouble,
    create: (body) =>
      change<CreatedApiKeyJson>(
        () => session.ask('/v1/keys', parseCreated, { method: 'POST', body }),
        keepCreated,
      ),
    update: (id, body) =>
      change(
        () => session.ask(pathOf(id), parseKey, { method: 'PATCH', body }),
        () => undefined,
      ),
    revoke: (id) =>
      change(
        () => session.ask(pathOf(id), parseRevoked, { method: 'DELETE' }),
        () => created?.id === id && keepCreated(undefined),
      ),
  }
}
