import { useEffect, useState } from 'react'
import type { Conversation } from '../conversation.ts'
import type { ChatEngine } from '../engine/chat-engine.ts'
import type { Hit } from '../search.ts'

const SEARCH_AFTER_MS = 120

/** What a search finds, a moment after the last letter; undefined while nothing is looked for. */
export function useSearch(
  engine: ChatEngine,
  query: string,
  conversations: readonly Conversation[],
): readonly Hit[] | undefined {
  const [hits, setHits] = useState<readonly Hit[]>()
  const isSearching = query.trim() !== ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new or renamed is looked through as well
  useEffect(() => {
    if (!isSearching) return setHits(undefined)
    const leave = new AbortController()
    const timer = setTimeout(async () => {
      const found = await engine.search(query, leave.signal)
      if (!leave.signal.aborted) setHits(found)
    }, SEARCH_AFTER_MS)
    return () => {
      clearTimeout(timer)
      leave.abort()
    }
  }, [engine, query, isSearching, conversations])
  return isSearching ? hits : undefined
}
