import type { ReactNode } from 'react'
import { useAbout } from '../data/use-about.ts'
import { useSpeech } from '../words/words-context.tsx'

type Props = {
  readonly start: string
  /** Why, where not the whole page needs to know who somebody is. */
  readonly why?: string
}

/** What a page that belongs to a person shows where nobody is known: why, and the way there. */
export function OpenInTelegram({ start, why }: Props): ReactNode {
  const { words } = useSpeech()
  const about = useAbout()
  return (
    <div className="card note">
      <p>{why ?? words['open-in-telegram-why']}</p>
      {about?.botUsername !== undefined && (
        <a className="button as-link" href={`https://t.me/${about.botUsername}?startapp=${start}`}>
          {words['open-in-telegram']}
        </a>
      )}
    </div>
  )
}
