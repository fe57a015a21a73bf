import type { ReactNode } from 'react'
import { Page } from '../shell/page.tsx'
import { useSpeech } from '../words/words-context.tsx'

export function BuildPage(): ReactNode {
  const { words } = useSpeech()
  return <Page title={words['place-build']}>{null}</Page>
}
