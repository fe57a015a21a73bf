import type { ReactNode } from 'react'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { Command } from './command.tsx'
import { TierGlyph } from './tier-glyph.tsx'

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
