import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { type RequestLogJson, requestLogSchema } from '../../../../protocol/src/miniapp/requests.ts'
import { ReplyError, valueOrThrow } from '../../data/reply-error.ts'
import type { Live, UsedLive } from '../../data/use-live.ts'
import type { Session } from '../../session/session.ts'
import type { LoggedRequest } from './request-words.ts'

const PAGE_SIZE = 25
const REFRESH_MS = 5000
/** How many pages are asked for by themselves while none has anything. */
const EMPTY_PAGES_MAX = 5

const parseLog = parserOf(requestLogSchema)

export type UsedRequests = {
  readonly requests: UsedLive<readonly LoggedRequest[]>
  /** Asks for older ones; undefined where there are none. */
  readonly askOlder: (() => void) | undefined
  readonly isAskingOlder: boolean
}

/** The log of requests: the newest page kept fresh, older ones as they are asked for. */
export function useRequests(session: Session, keyId: number | undefined): UsedRequests {
  const query = useInfiniteQuery({
    queryKey: ['build', 'requests', keyId ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const search = new URLSearchParams({
        limit: String(PAGE_SIZE),
        ...(keyId === undefined ? {} : { key: String(keyId) }),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      })
      return valueOrThrow(await session.ask(`/v1/requests?${search}`, parseLog, { signal }))
    },
    getNextPageParam: (last: RequestLogJson) => last.next_cursor ?? undefined,
    // With older pages open all of them would be asked for again, each time.
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : REFRESH_MS),
  })
  const { data, hasNextPage, isFetching, fetchNextPage } = query
  const pages = data?.pages ?? []
  const isEmpty = data !== undefined && pages.every(({ data: lines }) => lines.length === 0)
  const goesOn = isEmpty && hasNextPage && !isFetching && pages.length < EMPTY_PAGES_MAX
  useEffect(() => {
    if (goesOn) void fetchNextPage()
  }, [goesOn, fetchNextPage])
  return {
    requests: { live: readState(query), askAgain: () => void query.refetch() },
    askOlder: hasNextPage ? () => void fetchNextPage() : undefined,
    isAskingOlder: query.isFetchingNextPage,
  }
}

function readState(query: {
  readonly data: { readonly pages: readonly RequestLogJson[] } | undefined
  readonly dataUpdatedAt: number
  readonly error: Error | null
  readonly isFetching: boolean
}): Live<readonly LoggedRequest[]> {
  const { data, dataUpdatedAt: atMs, error, isFetching } = query
  if (data) return { state: error ? 'stale' : 'live', value: data.pages.flatMap((page) => page.data), atMs }
  if (!error || isFetching) return { state: 'loading' }
  const { reason, sentence } = error instanceof ReplyError ? error : { reason: 'failed', sentence: undefined }
  return { state: 'failed', reason, sentence }
}
