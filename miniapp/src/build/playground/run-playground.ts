import { readStream } from '../../data/read-stream.ts'
import type { Reply, Session } from '../../session/session.ts'
import type { ChatBody } from '../examples/examples.ts'
import { beginRun, isOver, nextRun, type Run, type RunEvent, type Used } from './next-run.ts'
import {
  BROKEN_OFF,
  fromStreamEvent,
  fromWholeAnswer,
  readTrouble,
  UNREACHABLE,
  UNREADABLE,
} from './read-answer.ts'

export type PlaygroundDeps = {
  /** Asks, and gives the answer of any status. */
  readonly open: Session['open']
  /** What a job used and cost; undefined while it runs, and where nobody says. */
  readonly askUse: (jobId: string) => Promise<Used | undefined>
  readonly sleep: (ms: number) => Promise<void>
  readonly nowMs: () => number
}

/** How often, and how long apart, the cost of a stopped job is asked for: its runner has two seconds to hand it over. */
const USE_TRIES = 6
const USE_PAUSE_MS = 700

/** Asks and reads the answer to its end, or until `stop`. `show` gets every state. Never throws. */
export async function runPlayground(
  deps: PlaygroundDeps,
  { body, stop }: { readonly body: ChatBody; readonly stop: AbortSignal },
  show: (run: Run) => void,
): Promise<Run> {
  let run = beginRun(deps.nowMs())
  const apply = (event: RunEvent) => {
    const next = nextRun(run, event)
    if (next === run) return
    run = next
    show(run)
  }
  show(run)
  const opened = await deps.open('/v1/chat/completions', {
    method: 'POST',
    body,
    signal: stop,
    refusals: 'as-response',
  })
  if (!stop.aborted) await readOpened(deps, opened, { isStream: body.stream === true, stop, apply })
  if (stop.aborted) apply({ type: 'stopped', atMs: deps.nowMs() })
  if (!isOver(run)) apply({ type: 'failed', trouble: BROKEN_OFF, atMs: deps.nowMs() })
  if (run.used === undefined && run.jobId !== undefined) await recordUse(deps, run.jobId, apply)
  return run
}

type Reading = {
  readonly isStream: boolean
  readonly stop: AbortSignal
  readonly apply: (event: RunEvent) => void
}

async function readOpened(
  { nowMs }: PlaygroundDeps,
  opened: Reply<Response>,
  { isStream, stop, apply }: Reading,
): Promise<void> {
  if (!opened.ok) {
    const { reason: code, sentence: message } = opened
    const isSilent = code === UNREACHABLE.code
    const trouble = isSilent ? UNREACHABLE : { status: undefined, code, message, param: undefined }
    return apply({ type: 'failed', trouble, atMs: nowMs() })
  }
  const { headers, status, ok, body } = opened.value
  const header = (name: string) => headers.get(name) ?? undefined
  apply({ type: 'opened', requestId: header('x-request-id'), jobId: header('x-sharnaqa-job') })
  if (ok && isStream && body) {
    for await (const event of readStream(body)) {
      if (stop.aborted) return
      for (const one of fromStreamEvent(event, nowMs())) apply(one)
    }
    return
  }
  const json: unknown = await opened.value.json().catch(() => undefined) // stopped, or an error page
  if (stop.aborted) return
  if (ok) return fromWholeAnswer(json, nowMs()).forEach(apply)
  apply({ type: 'failed', trouble: readTrouble(json, status) ?? { ...UNREADABLE, status }, atMs: nowMs() })
}

/** Asks what a job cost whose end was not heard. Gives up after a few seconds: the log of requests has it later. */
async function recordUse(
  { askUse, sleep }: PlaygroundDeps,
  jobId: string,
  apply: (event: RunEvent) => void,
): Promise<void> {
  for (let tries = 1; tries <= USE_TRIES; tries++) {
    await sleep(USE_PAUSE_MS)
    const used = await askUse(jobId)
    if (used) return apply({ type: 'recorded', used })
  }
}
