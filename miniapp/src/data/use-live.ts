import { type QueryKey, useQuery } from '@tanstack/react-query'
import type { Reply } from '../session/session.ts'
import { ReplyError, valueOrThrow } from './reply-error.ts'

/** What a page knows of something: nothing yet, as it is, as it was last, or that it cannot be asked. */
export type Live<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'live'; readonly value: T; readonly atMs: number }
  | { readonly state: 'stale'; readonly value: T; readonly atMs: number }
  | { readonly state: 'failed'; readonly reason: string; readonly sentence: string | undefined }

export type UsedLive<T> = { readonly live: Live<T>; readonly askAgain: () => void }

type Question<T> = {
  /** Names what is asked; the same key is asked once for a whole page. */
  readonly key: QueryKey
  readonly ask: (signal: AbortSignal) => Promise<Reply<T>>
  /** How often it is asked again while somebody looks, ms; absent: when somebody comes back to the page. */
  readonly everyMs?: number
  /** How long an answer is not asked again, ms; `Infinity`: as long as the page is open. */
  readonly freshMs?: number
  readonly isEnabled?: boolean
}

/** Something that the coordinator knows, kept fresh while the page is looked at. The last known is kept when it is out of reach. */
export function useLive<T>({ key, ask, everyMs, freshMs, isEnabled = true }: Question<T>): UsedLive<T> {
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => valueOrThrow(await ask(signal)),
    enabled: isEnabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(freshMs === undefined ? {} : { staleTime: freshMs }),
  })
  return { live: readState(query), askAgain: () => void query.refetch() }
}

function readState<T>(query: {
  readonly data: T | undefined
  readonly dataUpdatedAt: number
  readonly error: Error | null
  readonly isFetching: boolean
}): Live<T> {
  const { data, dataUpdatedAt: atMs, error, isFetching } = query
  if (data !== undefined) return { state: error ? 'stale' : 'live', value: data, atMs }
  if (!error || isFetching) return { state: 'loading' }
  const { reason, sentence } = error instanceof ReplyError ? error : { reason: 'failed', sentence: undefined }
  return { state: 'failed', reason, sentence }
}
