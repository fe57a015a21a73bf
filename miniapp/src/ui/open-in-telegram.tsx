import type { ReactNode } from 'react'
import { useAbout } from '../data/use-about.ts'
import { useSpeech } from '../words/words-context.tsx'

/** What a page that belongs to a person shows where nobody is known: why, and the way there. */
export function OpenInTelegram({ start }: { readonly start: string }): ReactNode {
  const { words } = useSpeech()
  const about = useAbout()
  return (
    <div className="card note">
      <p>{words['open-in-telegram-why']}</p>
      {about?.botUsername !== undefined && (
        <a className="button as-link" href={`https://t.me/${about.botUsername}?startapp=${start}`}>
          {words['open-in-telegram']}
        </a>
      )}
    </div>
  )
}
