import { type FormEvent, type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { useGo } from '../../shell/use-go.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useChat } from '../chat-context.tsx'
import { useLibrary } from '../engine/use-engine-state.ts'
import { TITLE_CHARS_MAX } from '../title.ts'
import { CHAT_WORDS } from '../words/words.ts'

type Props = { readonly conversation: string; readonly onClose: () => void }

/** Renames a conversation, or deletes it. */
export function MenuSheet({ conversation: id, onClose }: Props): ReactNode {
  const words = useWords(CHAT_WORDS)
  const { words: common } = useSpeech()
  const { engine } = useChat()
  const telegram = useTelegram()
  const go = useGo()
  const [pathname] = useLocation()
  const found = useLibrary(engine).conversations.find((one) => one.id === id)
  const title = found?.title || words.untitled
  const [name, setName] = useState(title)
  const rename = (event: FormEvent) => {
    event.preventDefault()
    void engine.rename(id, name)
    onClose()
  }
  const remove = async () => {
    const isSure = await telegram.confirm({
      text: fillText(words['delete-sure'], { title }),
      yes: words.delete,
      no: common.cancel,
      isDestructive: true,
    })
    if (!isSure) return
    onClose()
    if (pathname === `/chat/${id}`) go('/chat', 'replace')
    await engine.remove(id)
  }
  return (
    <Sheet title={title} onClose={onClose}>
      <form className="rename" onSubmit={rename}>
        <input
          dir="auto"
          data-testid="rename"
          aria-label={words['rename-label']}
          maxLength={TITLE_CHARS_MAX}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" className="button" disabled={name.trim() === ''}>
          {words.rename}
        </button>
      </form>
      <button type="button" className="button quiet destructive" data-testid="delete" onClick={remove}>
        {words.delete}
      </button>
    </Sheet>
  )
}
