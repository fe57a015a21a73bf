import { QueryClient } from '@tanstack/react-query'
import { ReplyError } from './reply-error.ts'

const RETRY_PAUSE_MS = 800

/** One memory of what the coordinator said, for all pages: going back shows the last known at once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always', // "offline" is a guess of the browser: a coordinator on this machine answers all the same
        staleTime: 2000,
        retry: (failures, error) => failures < 1 && isPassing(error),
        retryDelay: RETRY_PAUSE_MS,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

/** Another try helps where nobody answered; a refusal stays one. */
function isPassing(error: Error): boolean {
  return error instanceof ReplyError && error.reason === 'unreachable'
}
