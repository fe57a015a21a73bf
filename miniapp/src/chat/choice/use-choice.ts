import { useState } from 'react'
import { choicesSchema } from '../../../../protocol/src/miniapp/choices.ts'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { type UsedLive, useLive } from '../../data/use-live.ts'
import { useConfirmed } from '../../sealed/use-sealed.ts'
import type { Session } from '../../session/session.ts'
import type { Choice } from '../conversation.ts'
import { isSealedChoice, type ModelChoice, type Picked, pickChoice, toChoices } from './model-choice.ts'
import { keepChoice, readChoice } from './remembered-choice.ts'

const ASKED_EVERY_MS = 10_000

export type UsedChoice = {
  /** Undefined: nothing was ever chosen, and nothing can be. */
  readonly picked: Picked | undefined
  /** What is asked is sealed on this device, for runners that it verified or that the person confirmed. */
  readonly isSealed: boolean
  readonly choices: UsedLive<readonly ModelChoice[]>
  readonly choose: (choice: Choice) => void
}

/** Who can answer now, and who shall. */
export function useChoice(session: Session): UsedChoice {
  const [remembered, setRemembered] = useState(() => readChoice(localStorageOrNothing()))
  const confirmed = useConfirmed()
  const choices = useLive({
    key: ['chat', 'choices'],
    ask: (signal) =>
      session.ask(
        '/v1/choices',
        (value) => {
          const read = parserOf(choicesSchema)(value)
          return read && toChoices(read)
        },
        { signal },
      ),
    everyMs: ASKED_EVERY_MS,
  })
  const known = 'value' in choices.live ? choices.live.value : []
  const picked = pickChoice(known, remembered)
  return {
    picked,
    isSealed: isSealedChoice(picked?.choice.tier, confirmed),
    choices,
    choose: (choice) => {
      keepChoice(localStorageOrNothing(), choice)
      setRemembered(choice)
    },
  }
}

/** Reading `localStorage` throws where a browser keeps nothing. */
function localStorageOrNothing(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    return localStorage
  } catch {
    return { getItem: () => null, setItem: () => undefined }
  }
}
