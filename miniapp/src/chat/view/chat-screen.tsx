import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { Page } from '../../shell/page.tsx'
import { useGo } from '../../shell/use-go.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { chosenOf, useChat } from '../chat-context.tsx'
import { ModelPill } from '../choice/model-pill.tsx'
import { SimulatedHere } from '../choice/seal-parts.tsx'
import { Composer } from '../composer/composer.tsx'
import type { Question } from '../conversation.ts'
import { useConversation, useLibrary } from '../engine/use-engine-state.ts'
import { ConversationList } from '../list/conversation-list.tsx'
import { NewChat } from '../list/list-pane.tsx'
import { CHAT_WORDS } from '../words/words.ts'
import { FirstVisit } from './first-visit.tsx'
import { MessageList } from './message-list.tsx'

type Props = {
  /** Undefined: one that is about to begin. */
  readonly conversation: string | undefined
  readonly isWide: boolean
  /** Closes what lies over the page; undefined where nothing does. */
  readonly closeSheet: (() => void) | undefined
}

/** One conversation with its composer; without one, what is there to go on with, or how to begin. */
export function ChatScreen({ conversation, isWide, closeSheet }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { engine, choice } = useChat()
  const go = useGo()
  const { conversations } = useLibrary(engine)
  const view = useConversation(engine, conversation ?? '')
  const [editing, setEditing] = useState<Question>()
  useEffect(() => {
    if (conversation !== undefined) void engine.load(conversation)
  }, [engine, conversation])
  useEffect(() => {
    document.title = `${common['place-chat']} · ${common.name}` // what was asked is no business of the browser's history
  })
  const found = conversations.find(({ id }) => id === conversation)
  const isLost = conversation !== undefined && !found
  const ask = useAsk(conversation, editing, setEditing)
  const edit = useCallback((question: Question) => setEditing(question), [])
  const isDetail = conversation !== undefined && !isWide
  const back = () => (closeSheet ? closeSheet() : go('/chat'))
  const title = found ? found.title || words.untitled : common['place-chat']
  const tier = choice.picked?.choice.tier
  return (
    <Page
      title={title}
      under={tier && (tier === 'own' && choice.isSealed ? words['tier-own-sealed'] : words[`tier-${tier}`])}
      layout="plain"
      className="chat-screen"
      onBack={isDetail ? back : undefined}
      end={
        <>
          <ModelPill />
          {isDetail && <NewChat />}
        </>
      }
      foot={
        !isLost && (
          <Composer
            key={editing ? `edit-${editing.position}` : ''}
            conversation={conversation}
            view={view}
            editing={editing}
            onEdited={() => setEditing(undefined)}
            onAsk={ask}
          />
        )
      }
    >
      <StorageNote />
      <SimulatedHere choice={choice.picked?.choice} isSealed={choice.isSealed} />
      {isLost && <p className="lost">{words.lost}</p>}
      {found && view.isLoaded && <MessageList conversation={found.id} view={view} onEdit={edit} />}
      {conversation === undefined &&
        (isWide || conversations.length === 0 ? (
          <FirstVisit onAsk={ask} />
        ) : (
          <ConversationList current={undefined} />
        ))}
    </Page>
  )
}

/** Asks a question here, or in a conversation that begins with it. */
function useAsk(
  conversation: string | undefined,
  editing: Question | undefined,
  setEditing: (question: Question | undefined) => void,
): (text: string) => void {
  const { engine, choice } = useChat()
  const telegram = useTelegram()
  const go = useGo()
  return (text) => {
    const chosen = chosenOf(choice)
    if (!chosen) return
    telegram.haptic('tap')
    const id = engine.ask({ ...chosen, conversation, text, editFrom: editing?.position })
    setEditing(undefined)
    if (id !== conversation) go(`/chat/${id}`)
  }
}

/** Says where what is asked does not outlive the page. */
function StorageNote(): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { engine } = useChat()
  const { isLasting, isKept } = useLibrary(engine)
  if (isLasting && isKept) return null
  return (
    <p className="storage-note hint" role="status">
      {isLasting ? words['not-kept'] : words['not-lasting']}
    </p>
  )
}
