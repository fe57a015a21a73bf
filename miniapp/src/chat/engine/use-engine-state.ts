import { useCallback, useSyncExternalStore } from 'react'
import type { ChatEngine } from './chat-engine.ts'
import type { ConversationView, Library } from './chat-memory.ts'
import { oncePerFrame } from './once-per-frame.ts'

/** The list of conversations, as it is. */
export function useLibrary(engine: ChatEngine): Library {
  return useSyncExternalStore(engine.subscribe, engine.library)
}

/** One conversation, as it is; while an answer is written, at most once in a frame. */
export function useConversation(engine: ChatEngine, id: string): ConversationView {
  const subscribe = useCallback(
    (listener: () => void) => {
      const batch = oncePerFrame(listener, requestAnimationFrame, cancelAnimationFrame)
      const leave = engine.subscribe(batch.call)
      return () => {
        leave()
        batch.cancel()
      }
    },
    [engine],
  )
  return useSyncExternalStore(subscribe, () => engine.view(id))
}
