import { type ReactNode, startTransition, useCallback, useEffect, useState } from 'react'
import { useWords } from '../../words/define-words.ts'
import { useChat } from '../chat-context.tsx'
import type { Message, Question } from '../conversation.ts'
import type { ConversationView } from '../engine/chat-memory.ts'
import { CHAT_WORDS } from '../words/words.ts'
import { LiveMessage } from './live-message.tsx'
import { ModelMessage } from './model-message.tsx'
import { PersonMessage } from './person-message.tsx'
import { Unanswered } from './unanswered.tsx'
import { useStickToEnd } from './use-stick-to-end.ts'

/** As many of the last messages are drawn at once; the others follow while the person already reads. */
const FIRST_MESSAGES = 24

const isWhole = (last: Message | undefined) => last?.from === 'model' && last.ending.how === 'done'

type Props = {
  readonly conversation: string
  readonly view: ConversationView
  readonly onEdit: (question: Question) => void
}

/** What was said in a conversation, and the answer that is being written. */
export function MessageList({ conversation, view: { messages, live }, onEdit }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { openSheet } = useChat()
  const { content, isAway, toEnd } = useStickToEnd()
  const [isAll, setAll] = useState(messages.length <= FIRST_MESSAGES)
  useEffect(() => startTransition(() => setAll(true)), [])
  const [wasLive, setWasLive] = useState(false)
  if (live && !wasLive) setWasLive(true)
  const liveKey = live?.turn.key
  useEffect(() => {
    if (liveKey !== undefined) toEnd() // whoever asks wants to see the answer
  }, [liveKey, toEnd])
  const openReceipt = useCallback(
    (position: number) => openSheet({ sheet: 'receipt', conversation, position }),
    [openSheet, conversation],
  )
  const past = live ? messages.filter(({ position }) => position < live.turn.position) : messages
  const shown = isAll ? past : past.slice(-FIRST_MESSAGES)
  const lastQuestion = past.findLast(({ from }) => from === 'person')
  return (
    <div className="messages" ref={content} data-live={live ? '' : undefined}>
      {shown.map((message) =>
        message.from === 'person' ? (
          <PersonMessage
            key={message.position}
            message={message}
            isLast={message === lastQuestion}
            onEdit={onEdit}
          />
        ) : (
          <ModelMessage
            key={message.position}
            message={message}
            isLast={!live && message === past.at(-1)}
            onReceipt={openReceipt}
          />
        ),
      )}
      {!live && past.at(-1)?.from === 'person' && <Unanswered conversation={conversation} />}
      <span className="unseen" role="status">
        {wasLive && !live && isWhole(past.at(-1)) ? words['answer-ready'] : ''}
      </span>
      {live && <LiveMessage key={`live-${live.turn.position}`} live={live} />}
      {isAway && (
        <button
          type="button"
          className="to-end"
          data-testid="down"
          aria-label={words.down}
          onClick={() => toEnd('smooth')}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 5v14m-6-6 6 6 6-6" />
          </svg>
        </button>
      )}
    </div>
  )
}
