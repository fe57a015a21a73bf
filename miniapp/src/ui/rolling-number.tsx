import { type ReactNode, useState } from 'react'
import { formatCount } from '../network/price-words.ts'
import { useSpeech } from '../words/words-context.tsx'

/** A number that rolls in when it has grown. */
export function RollingNumber({ value }: { readonly value: number }): ReactNode {
  const { language } = useSpeech()
  const [shown, setShown] = useState({ value, grew: false })
  if (shown.value !== value) setShown({ value, grew: value > shown.value })
  return (
    <bdi key={value} className={shown.grew ? 'grew' : undefined}>
      {formatCount(language, value)}
    </bdi>
  )
}
