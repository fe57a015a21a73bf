import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { RunnerJobsJson } from '../../../../protocol/src/miniapp/runners.ts'
import { nano, parseNano } from '../../../../protocol/src/money.ts'
import { valueOrThrow } from '../../data/reply-error.ts'
import { formatCount } from '../../network/price-words.ts'
import { momentWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { useEarnApi } from '../earn-context.tsx'
import { SilkAmount } from '../silk-amount.tsx'
import { EARN_KEY } from '../use-earn.ts'
import { unpaidWord } from './unpaid-words.ts'
import { RUNNER_WORDS } from './words/words.ts'

const EVERY_MS = 10_000
/** Whoever scrolls further than this looks for something else than a list. */
const PAGES_MAX = 50

type Props = { readonly runnerId: string; readonly nowMs: number }

/** What it worked on, the newest first: paid, or why not. */
export function JobsCard({ runnerId, nowMs }: Props): ReactNode {
  const general = useSpeech().words
  const words = useWords(RUNNER_WORDS)
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useJobs(runnerId)
  const jobs = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <article className="card" aria-busy={!data && !error}>
      <h2>{words.jobs}</h2>
      {data && jobs.length === 0 && <p className="hint">{words['no-jobs']}</p>}
      {!data && error && (
        <div className="note">
          <p className="hint">{words['jobs-failed']}</p>
          <button type="button" className="button quiet" onClick={() => void refetch()}>
            {general.retry}
          </button>
        </div>
      )}
      <ul className="rows">
        {jobs.map((job) => (
          <Job key={`${job.job}/${job.ended_at_ms}`} job={job} nowMs={nowMs} />
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button quiet"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
          data-testid="older-jobs"
        >
          {words['older-jobs']}
        </button>
      )}
    </article>
  )
}

function useJobs(runnerId: string) {
  const api = useEarnApi()
  return useInfiniteQuery({
    queryKey: [...EARN_KEY, 'jobs', runnerId],
    queryFn: async ({ pageParam, signal }) => valueOrThrow(await api.jobs(runnerId, pageParam, signal)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // A long list that somebody has opened is left as it is.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : EVERY_MS),
    maxPages: PAGES_MAX,
  })
}

function Job({
  job,
  nowMs,
}: {
  readonly job: RunnerJobsJson['data'][number]
  readonly nowMs: number
}): ReactNode {
  const { language } = useSpeech()
  const words = useWords(RUNNER_WORDS)
  const amount = parseNano(job.amount_nano) ?? nano(0n)
  const why = unpaidWord(job)
  return (
    <li className="job" data-testid="runner-job" data-reason={job.unpaid_reason ?? ''}>
      <span>
        <bdi dir="ltr">{job.model}</bdi>
        <span className="hint">
          {momentWords(language, job.ended_at_ms, nowMs)}
          {' · '}
          {fillText(words.tokens, { count: formatCount(language, job.completion_tokens) })}
        </span>
      </span>
      {amount > 0n ? <SilkAmount of={amount} /> : <span className="hint">{words['not-paid']}</span>}
      {why && <span className="hint why">{words[why]}</span>}
    </li>
  )
}
