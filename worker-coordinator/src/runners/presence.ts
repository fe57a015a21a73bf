/** When a link stood; `toMs` undefined: it stands. */
export type Span = { readonly fromMs: number; readonly toMs: number | undefined }
/** The same, with both ends known. */
export type ClosedSpan = { readonly fromMs: number; readonly toMs: number }

export type PresenceReport = {
  /** Share of the time that a runner was connected, 0 to 1; since it was paired, where that is shorter. */
  readonly share24h: number
  readonly share7d: number
  /** When it was not connected, the newest first; `toMs` undefined: still. */
  readonly downtimes: readonly Span[]
}

/** How far back a report goes. */
export const REPORT_MS = 7 * 86_400_000
/** A link that comes back this soon lost nothing: its jobs waited for it. */
const SHORT_MS = 15_000
/** How many downtimes a report shows. */
const DOWNTIMES_MAX = 100
const DAY_MS = 86_400_000

/** Puts spans together where they meet or overlap: a runner has a link for each model. The oldest first. */
export function uniteSpans(spans: readonly Span[], nowMs: number): readonly ClosedSpan[] {
  const united: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs = nowMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = united.at(-1)
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs)
    else united.push({ fromMs, toMs: Math.max(fromMs, toMs) })
  }
  return united
}

/** Says how much of its time a runner was connected, and when it was not, by the spans of its links in the last 7 days. */
export function reportPresence(
  spans: readonly Span[],
  { pairedMs, nowMs }: { readonly pairedMs: number; readonly nowMs: number },
): PresenceReport {
  const united = uniteSpans(spans, nowMs)
  const isOnline = spans.some(({ toMs }) => toMs === undefined)
  const share = (ms: number) =>
    shareOf(united, { fromMs: Math.max(pairedMs, nowMs - ms), toMs: nowMs }, isOnline)
  const downtimes = gapsOf(united, { fromMs: Math.max(pairedMs, nowMs - REPORT_MS), toMs: nowMs }, isOnline)
  return {
    share24h: share(DAY_MS),
    share7d: share(REPORT_MS),
    downtimes: downtimes
      .filter(({ fromMs, toMs }) => toMs === undefined || toMs - fromMs > SHORT_MS)
      .toReversed()
      .slice(0, DOWNTIMES_MAX),
  }
}

/** Milliseconds of a window that united spans cover. */
export function coveredMs(united: readonly ClosedSpan[], { fromMs, toMs }: ClosedSpan): number {
  return united.reduce(
    (sum, span) => sum + Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)),
    0,
  )
}

function shareOf(united: readonly ClosedSpan[], window: ClosedSpan, isOnline: boolean): number {
  const ms = window.toMs - window.fromMs
  if (ms <= 0) return isOnline ? 1 : 0
  return coveredMs(united, window) / ms
}

function gapsOf(united: readonly ClosedSpan[], window: ClosedSpan, isOnline: boolean): readonly Span[] {
  const gaps: Span[] = []
  let freeFromMs = window.fromMs
  for (const { fromMs, toMs } of united) {
    if (toMs <= window.fromMs) continue
    if (fromMs > freeFromMs) gaps.push({ fromMs: freeFromMs, toMs: fromMs })
    freeFromMs = Math.max(freeFromMs, toMs)
  }
  if (!isOnline) gaps.push({ fromMs: Math.min(freeFromMs, window.toMs), toMs: undefined })
  return gaps
}
