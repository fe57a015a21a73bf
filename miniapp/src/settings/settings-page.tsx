import type { ReactNode } from 'react'
import { Page } from '../shell/page.tsx'
import { useSpeech } from '../words/words-context.tsx'

export function SettingsPage(): ReactNode {
  const { words } = useSpeech()
  return <Page title={words['place-settings']}>{null}</Page>
}
