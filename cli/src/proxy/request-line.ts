import { printable } from '../output.ts'
import type { RequestNote } from './proxy-deps.ts'

const RUNNER_CHARS = 16

/** One line for one request: who answered, how much, for how much. Never what. */
export function requestLine(note: RequestNote, at: Date): string {
  const { jobId, model, runnerId, promptTokens, completionTokens, costNano, tookMs, outcome, fault } = note
  const why = fault === undefined ? '' : ` (${fault})`
  return printable(
    [
      at.toISOString().slice(11, 19),
      jobId ?? 'no job',
      model,
      runnerId?.slice(0, RUNNER_CHARS) ?? 'no runner',
      `${promptTokens}+${completionTokens} tokens`,
      `${costNano} nano`,
      `${(tookMs / 1000).toFixed(1)} s`,
      `${outcome}${why}`,
    ].join('  '),
  )
}

/** The same for programs. */
export function requestEvent({ jobId, model, runnerId, ...rest }: RequestNote) {
  const { promptTokens, completionTokens, costNano, tookMs, outcome, fault } = rest
  return {
    event: 'request-ended',
    id: jobId ?? null,
    model,
    runner: runnerId ?? null,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    cost_nano: costNano,
    took_ms: tookMs,
    outcome,
    fault: fault ?? null,
  }
}
