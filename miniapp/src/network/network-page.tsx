import type { ReactNode } from 'react'
import { Page } from '../shell/page.tsx'
import { useSpeech } from '../words/words-context.tsx'

export function NetworkPage(): ReactNode {
  const { words } = useSpeech()
  return <Page title={words['place-network']}>{null}</Page>
}
