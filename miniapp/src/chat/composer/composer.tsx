import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import { SealLine } from '../choice/seal-parts.tsx'
import type { UsedChoice } from '../choice/use-choice.ts'
import type { Question } from '../conversation.ts'
import type { ConversationView } from '../engine/chat-memory.ts'
import { NEW_DRAFT } from '../store/chat-store.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { PriceLine } from './price-line.tsx'
import { useBalance } from './use-balance.ts'
import { useDraft } from './use-draft.ts'
import { type Weighing, weighQuestion } from './weigh-question.ts'

type Props = {
  readonly conversation: string | undefined
  readonly view: ConversationView
  /** The question that is changed. */
  readonly editing: Question | undefined
  readonly onEdited: () => void
  readonly onAsk: (text: string) => void
}

/** Where a question is written: what it costs and whether it fits stand above it before it is sent. */
export function Composer({ conversation, view, editing, onEdited, onAsk }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine, session, choice } = useChat()
  const { text, setText, isCut } = useDraft(engine, conversation ?? NEW_DRAFT, editing)
  const balance = useBalance(session)
  const { live } = choice.choices
  const before = editing ? view.messages.filter(({ position }) => position < editing.position) : view.messages
  const weighed = weighQuestion({
    picked: choice.picked,
    choices: supplyOf(live),
    balance,
    messages: before,
    text,
  })
  const isBusy = view.live !== undefined
  const canSend = weighed.canSend && text.trim() !== '' && !isBusy
  const send = () => {
    if (!canSend) return
    onAsk(text)
    setText('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form className="composer" aria-label={words.composer} onSubmit={submit}>
      {editing && <EditingNote onCancel={onEdited} />}
      <SealLine choice={choice.picked?.choice} isSealed={choice.isSealed} />
      <PriceLine weighed={weighed} isEmpty={text.trim() === ''} isCut={isCut} onCut={setText} text={text} />
      <div className="composer-row">
        <Field text={text} onText={setText} onSend={send} isFocused={editing !== undefined} />
        {isBusy && conversation !== undefined ? (
          <button
            type="button"
            className="round stop"
            data-testid="stop"
            aria-label={words.stop}
            onClick={() => engine.stop(conversation)}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <rect x="7" y="7" width="10" height="10" rx="2" />
            </svg>
          </button>
        ) : (
          <button
            type="submit"
            className="round"
            data-testid="send"
            aria-label={words.send}
            disabled={!canSend}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 19V5.5m-6 6 6-6 6 6" />
            </svg>
          </button>
        )}
      </div>
    </form>
  )
}

/** What is known of who can answer. */
function supplyOf(live: UsedChoice['choices']['live']): Weighing['choices'] {
  if (live.state === 'loading') return 'loading'
  if (live.state === 'failed' && live.reason !== 'unreachable') return { refused: live.reason }
  return live.state === 'live' ? 'known' : 'away'
}

function EditingNote({ onCancel }: { readonly onCancel: () => void }): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  return (
    <div className="editing">
      <span className="hint">{words.editing}</span>
      <button type="button" className="copy" onClick={onCancel}>
        {common.cancel}
      </button>
    </div>
  )
}

type FieldProps = {
  readonly text: string
  readonly onText: (text: string) => void
  readonly onSend: () => void
  readonly isFocused: boolean
}

/** With a keyboard Enter sends and Shift+Enter is a new line; on a phone the button sends. */
function Field({ text, onText, onSend, isFocused }: FieldProps): ReactNode {
  const words = useWords(CHAT_WORDS)
  const field = useRef<HTMLTextAreaElement>(null)
  const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)').matches
  useEffect(() => {
    if (isFocused || hasKeyboard) field.current?.focus({ preventScroll: true })
  }, [isFocused, hasKeyboard])
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useEffect(() => growWithText(field.current), [text])
  const onKey = (event: KeyboardEvent) => {
    const isSending = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing
    if (!isSending || !hasKeyboard) return
    event.preventDefault()
    onSend()
  }
  return (
    <textarea
      ref={field}
      rows={1}
      dir={text === '' ? undefined : 'auto'}
      data-testid="composer"
      aria-label={words.composer}
      placeholder={words.composer}
      value={text}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
      onKeyDown={onKey}
    />
  )
}

/** Where the browser does not do it by itself (`field-sizing`). */
function growWithText(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports('field-sizing', 'content')) return
  field.style.blockSize = 'auto'
  field.style.blockSize = `${field.scrollHeight}px`
}
