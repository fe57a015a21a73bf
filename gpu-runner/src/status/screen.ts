import { stripVTControlCharacters } from 'node:util'
import { styled } from '../cli/output.ts'
import type { JobStatus, ModelStatus, RunnerStatus } from './status-board.ts'

const JOBS_ON_SCREEN = 5

/** The one calm screen: models, speed, what was earned today, the last jobs. */
export function drawScreen(status: RunnerStatus, pageUrl: string, columns: number): string {
  const lines = [
    `${styled('bold', '● Sharnaqa')}  ${styled('dim', status.runnerId)}`,
    '',
    ...status.models.flatMap(modelLines),
    '',
    `earned today   ${styled('yellow', status.earnedToday)}`,
    '',
    ...jobLines(status.jobs.slice(0, JOBS_ON_SCREEN)),
    '',
    styled('dim', `${pageUrl}   Ctrl+C finishes running jobs and leaves`),
  ]
  return `${lines.map((line) => clip(line, columns)).join('\n')}\n`
}

function modelLines(model: ModelStatus): readonly string[] {
  const busy = '▮'.repeat(Math.min(model.running, 16)) + '▯'.repeat(Math.min(model.slots - model.running, 16))
  const speed = model.tokensPerSecond > 0 ? `${Math.round(model.tokensPerSecond)} tokens/s` : ''
  const first = [styled('bold', model.model.padEnd(24)), stateText(model), model.device, busy, speed]
  return model.sentence ? [first.join('  '), `  ${model.sentence}`] : [first.join('  ')]
}

function stateText({ state }: ModelStatus): string {
  return state === 'online' ? styled('green', state.padEnd(8)) : styled('dim', state.padEnd(8))
}

function jobLines(jobs: readonly JobStatus[]): readonly string[] {
  if (jobs.length === 0) return [styled('dim', 'no jobs yet; they come by themselves')]
  return jobs.map((job) => {
    const earned = job.earned ? `+${job.earned}` : ''
    const seconds = `${(job.durationMs / 1000).toFixed(1)} s`
    const tokens = `${job.tokens} tokens`
    return [
      job.jobId.slice(-8),
      job.outcome.padEnd(10),
      tokens.padStart(12),
      seconds.padStart(8),
      earned,
    ].join('  ')
  })
}

/** Cuts a line to the terminal's width. A line that is too long loses its styles, so that none is left open. */
function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length <= columns ? line : plain.slice(0, columns)
}
