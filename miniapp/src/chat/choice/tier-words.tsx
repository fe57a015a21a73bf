import { createContext, use } from 'react'
import { parserOf, type Tier } from '../../../../protocol/src/miniapp/fields.ts'
import { groupListSchema } from '../../../../protocol/src/miniapp/groups.ts'
import { useLive } from '../../data/use-live.ts'
import type { Session } from '../../session/session.ts'
import { useWords } from '../../words/define-words.ts'
import { CHAT_WORDS } from '../words/words.ts'

/** Whether a group shares runners with the person: then `own` is not the person's machines alone. */
export const SharedContext = createContext(false)

/** Asks whether a group shares runners with the person; false while it is not known. */
export function useShared(session: Session): boolean {
  const { live } = useLive({
    key: ['chat', 'groups'],
    ask: (signal) => session.ask('/v1/groups', parserOf(groupListSchema), { signal }),
  })
  return 'value' in live && live.value.data.some(({ runners }) => runners > 0)
}

/** Says of a tier who can read, before a question, and who answered, under an answer. Says no more than is so. */
export function useTierWords(): (
  tier: Tier,
  isSealed: boolean,
) => { readonly reads: string; readonly answered: string } {
  const words = useWords(CHAT_WORDS)
  const isShared = use(SharedContext)
  return (tier, isSealed) => {
    const reader = isShared ? 'group' : 'own'
    const id = tier !== 'own' ? tier : isSealed ? (`${reader}-sealed` as const) : reader
    return { reads: words[`reads-${id}`], answered: words[`answered-${id}`] }
  }
}
