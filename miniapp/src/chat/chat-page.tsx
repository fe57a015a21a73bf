import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useRoute } from 'wouter'
import type { Session } from '../session/session.ts'
import { useSession } from '../session/session-context.tsx'
import { Page } from '../shell/page.tsx'
import { OpenInTelegram } from '../ui/open-in-telegram.tsx'
import { useWide } from '../ui/use-wide.ts'
import { useSpeech } from '../words/words-context.tsx'
import { ChatContext, type OpenSheet } from './chat-context.tsx'
import { SharedContext, useShared } from './choice/tier-words.tsx'
import { useChoice } from './choice/use-choice.ts'
import type { ChatEngine } from './engine/chat-engine.ts'
import { useChatEngine } from './engine/use-chat-engine.ts'
import { ListPane } from './list/list-pane.tsx'
import { useAnswerNews } from './use-answer-news.ts'
import { useKeyboard } from './use-keyboard.ts'
import { ChatScreen } from './view/chat-screen.tsx'
import './chat.css'
import './message.css'
import './composer.css'
import './sheets.css'

/** What lies over the page comes behind it: nobody opens a sheet before the first paint. */
const ChatSheets = lazy(async () => ({ default: (await import('./chat-sheets.tsx')).ChatSheets }))

/** The chat: conversations, and what is said in them. It belongs to a person, so outside Telegram it says where it opens. */
export function ChatPage(): ReactNode {
  const { words } = useSpeech()
  const session = useSession()
  if (session) return <ChatOfPerson session={session} />
  return (
    <Page title={words['place-chat']}>
      <OpenInTelegram start="chat" />
    </Page>
  )
}

function ChatOfPerson({ session }: { readonly session: Session }): ReactNode {
  const { words } = useSpeech()
  const engine = useChatEngine(session)
  if (engine) return <Chat session={session} engine={engine} />
  return (
    <Page title={words['place-chat']} layout="plain">
      {null}
    </Page>
  )
}

function Chat({ session, engine }: { readonly session: Session; readonly engine: ChatEngine }): ReactNode {
  const [, params] = useRoute('/chat/:id')
  const isWide = useWide()
  const choice = useChoice(session)
  const isShared = useShared(session)
  const [sheet, openSheet] = useState<OpenSheet>()
  const keyboard = useKeyboard()
  useAnswerNews(engine)
  useEffect(() => void import('./markdown/markdown.tsx').catch(() => undefined), []) // plain text until it is there
  useEffect(() => void import('./chat-sheets.tsx').catch(() => undefined), []) // there before anybody opens one
  const conversation = params?.id
  return (
    <ChatContext value={{ session, engine, choice, openSheet }}>
      <SharedContext value={isShared}>
        <div className="chat" ref={keyboard}>
          {isWide && <ListPane current={conversation} />}
          <ChatScreen
            key={conversation ?? ''}
            conversation={conversation}
            isWide={isWide}
            closeSheet={sheet && (() => openSheet(undefined))}
          />
        </div>
        <Suspense>
          {sheet && <ChatSheets open={sheet} current={conversation} onClose={() => openSheet(undefined)} />}
        </Suspense>
      </SharedContext>
    </ChatContext>
  )
}
