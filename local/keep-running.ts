import type { Child } from './child.ts'

/** How long after a crash a child is started again, in ms: doubles up to the maximum while it keeps crashing. */
const RESTART_MS = 1_000
const RESTART_MAX_MS = 30_000

export type Kept = ReturnType<typeof keepRunning>

/** Starts a child, and again when it ends without being asked to. */
export function keepRunning(start: () => Promise<Child>) {
  let current: Child | undefined
  let stopping = false
  let waitMs = RESTART_MS
  let listener = () => {}
  const begin = async (): Promise<Child> => {
    const child = await start()
    current = child
    child.onExit(() => {
      current = undefined
      if (!stopping) setTimeout(again, waitMs)
    })
    return child
  }
  const again = () => {
    if (stopping) return
    begin().then(
      () => {
        waitMs = RESTART_MS
        listener()
      },
      () => {
        waitMs = Math.min(waitMs * 2, RESTART_MAX_MS)
        setTimeout(again, waitMs)
      },
    )
  }
  return {
    first: begin(),
    pid: () => current?.pid,
    onRestart: (heard: () => void) => {
      listener = heard
    },
    stop: async () => {
      stopping = true
      await current?.stop()
    },
  }
}
