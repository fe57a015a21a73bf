import { useEffect, useRef, useState } from 'react'
import type { Question } from '../conversation.ts'
import type { ChatEngine } from '../engine/chat-engine.ts'
import { cutDraft } from './cut-draft.ts'

const KEPT_AFTER_MS = 400

/** What is written and not sent, kept for each conversation. A question that is changed begins with its old words. */
export function useDraft(engine: ChatEngine, conversation: string, editing: Question | undefined) {
  const [text, setText] = useState(() => editing?.text ?? engine.draft(conversation))
  const [isCut, setCut] = useState(false)
  const latest = useRef(text)
  latest.current = text
  const isKept = editing === undefined
  useEffect(() => {
    if (!isKept) return
    const timer = setTimeout(() => engine.keepDraft(conversation, text), KEPT_AFTER_MS)
    return () => clearTimeout(timer)
  }, [engine, conversation, text, isKept])
  useEffect(() => {
    if (!isKept) return
    const keep = () => engine.keepDraft(conversation, latest.current)
    window.addEventListener('pagehide', keep)
    return () => {
      window.removeEventListener('pagehide', keep)
      keep()
    }
  }, [engine, conversation, isKept])
  return {
    text,
    isCut,
    setText: (written: string) => {
      const cut = cutDraft(written)
      latest.current = cut // a question that was sent leads to another page before this one is drawn again
      setText(cut)
      setCut(cut.length < written.length)
    },
  }
}
