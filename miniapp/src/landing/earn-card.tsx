import type { ReactNode } from 'react'
import { CodeBlock } from '../ui/code-block.tsx'
import { Command } from '../ui/command.tsx'
import { Sentence, useSpeech } from '../words/words-context.tsx'

export const EARN_CARD_ID = 'earn'

export function EarnCard(): ReactNode {
  const { words } = useSpeech()
  const commands = `npm run runner -- start --pair YOUR-CODE --coordinator ${location.origin}`
  return (
    <article className="card" id={EARN_CARD_ID} tabIndex={-1}>
      <h3>{words.earn}</h3>
      <p>
        <Sentence text={words['earn-how']} earn={<Command text="/earn" />} />
      </p>
      <CodeBlock text={commands} label={words['earn-run']} />
      <p className="hint">
        <Sentence text={words['earn-after']} balance={<Command text="/balance" />} />
      </p>
    </article>
  )
}
