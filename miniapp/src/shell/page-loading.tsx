import type { ReactNode } from 'react'
import { Bone } from '../ui/bones.tsx'
import { useSpeech } from '../words/words-context.tsx'
import { Page } from './page.tsx'
import type { Place } from './places.ts'

/** A page while its code is on the way: its title, and bones. */
export function PageLoading({ place }: { readonly place: Place }): ReactNode {
  const { words } = useSpeech()
  return (
    <Page title={words[`place-${place}`]} layout={place === 'chat' ? 'plain' : 'columns'}>
      {place !== 'chat' && (
        <div className="skeleton column" aria-hidden="true">
          <Bone rows={3} />
          <Bone rows={2} />
        </div>
      )}
    </Page>
  )
}
