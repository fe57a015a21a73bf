import type { ReactNode } from 'react'
import { Command } from '../ui/command.tsx'
import { TierGlyph } from '../ui/tier-glyph.tsx'
import { Sentence, useSpeech } from '../words/words-context.tsx'

export function ChatCard(): ReactNode {
  const { words } = useSpeech()
  return (
    <article className="card">
      <h3>{words.chat}</h3>
      <p>
        <Sentence text={words['chat-how']} start={<Command text="/start" />} />
      </p>
      <p className="hint with-glyph">
        <TierGlyph />
        <span>{words['chat-reads']}</span>
      </p>
    </article>
  )
}
