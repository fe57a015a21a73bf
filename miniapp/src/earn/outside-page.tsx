import type { ReactNode } from 'react'
import { Page } from '../shell/page.tsx'
import { OpenInTelegram } from '../ui/open-in-telegram.tsx'
import { useSpeech } from '../words/words-context.tsx'
import { ForecastCard } from './forecast/forecast-card.tsx'

/** Where nobody is known: the way into Telegram, and what anybody may know. */
export function OutsidePage({ start }: { readonly start: string }): ReactNode {
  const { words } = useSpeech()
  return (
    <Page title={words['place-earn']} className="earn">
      <div className="outside-way">
        <OpenInTelegram start={start} />
      </div>
      <ForecastCard />
    </Page>
  )
}
