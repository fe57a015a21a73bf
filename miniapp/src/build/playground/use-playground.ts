import { useEffect, useRef, useState } from 'react'
import type { Session } from '../../session/session.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import type { ChatBody } from '../examples/examples.ts'
import type { Run } from './next-run.ts'
import { readJobUse } from './read-answer.ts'
import { runPlayground } from './run-playground.ts'

export type UsedPlayground = {
  readonly run: Run | undefined
  readonly start: (body: ChatBody) => void
  readonly stop: () => void
}

/** One request at a time, as the person who opened the page. It is stopped when they leave. */
export function usePlayground(session: Session): UsedPlayground {
  const telegram = useTelegram()
  const [run, setRun] = useState<Run>()
  const stopping = useRef<AbortController>(undefined)
  useEffect(() => () => stopping.current?.abort(), [])

  const askUse = async (jobId: string) => {
    const reply = await session.ask(`/v1/jobs/${jobId}`, readJobUse)
    return reply.ok ? reply.value : undefined
  }
  const start = (body: ChatBody) => {
    stopping.current?.abort()
    const own = new AbortController()
    stopping.current = own
    telegram.haptic('tap')
    const deps = {
      open: session.open,
      askUse,
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      nowMs: () => performance.now(),
    }
    // Only the latest request shows itself: one before it may still be asking what it cost.
    const show = (next: Run) => stopping.current === own && setRun(next)
    void runPlayground(deps, { body, stop: own.signal }, show).then((ended) => {
      if (stopping.current === own) telegram.haptic(ended.phase === 'failed' ? 'error' : 'success')
    })
  }
  return { run, start, stop: () => stopping.current?.abort() }
}
