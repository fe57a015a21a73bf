import { stripVTControlCharacters } from 'node:util'
import { styled } from '../cli/output.ts'
import { drawRunnerQr, SCAN_SENTENCE } from './runner-qr.ts'
import type { JobStatus, ModelStatus, RunnerStatus } from './status-board.ts'

const JOBS_ON_SCREEN = 5

/** What fits. Without rows: as many as it takes. */
export type ScreenSize = { readonly columns: number; readonly rows?: number }

/** The one calm screen: models, speed, what was earned today, the last jobs, and the code that the owner scans. */
export function drawScreen(status: RunnerStatus, pageUrl: string, { columns, rows }: ScreenSize): string {
  const lines = [
    `${styled('bold', '● Sharnaqa')}  ${styled('dim', status.runnerId)}`,
    ...wrap(status.notice, columns).map((line) => styled(['bold', 'red'], line)),
    '',
    ...status.models.flatMap((model) => modelLines(model, columns)),
    '',
    `earned today   ${styled('yellow', status.earnedToday)}`,
    '',
    ...jobLines(status.jobs.slice(0, JOBS_ON_SCREEN)),
    '',
    styled('dim', `${pageUrl}   Ctrl+C finishes running jobs and leaves`),
  ]
  const code = codeLines(status.runnerId, pageUrl, columns)
  const room = (rows ?? Number.POSITIVE_INFINITY) - lines.length - 1
  const all = [...lines, ...(code.length <= room ? code : hintLines(pageUrl))]
  return `${all.map((line) => clip(line, columns)).join('\n')}\n`
}

function codeLines(runnerId: string, pageUrl: string, columns: number): readonly string[] {
  const code = drawRunnerQr(runnerId)
  // A code that is cut cannot be read.
  if (code.some((line) => line.length > columns)) return hintLines(pageUrl)
  return [
    '',
    ...wrap(SCAN_SENTENCE, columns),
    ...code.map((line) => styled(['whiteBright', 'bgBlack'], line)),
  ]
}

function hintLines(pageUrl: string): readonly string[] {
  return [styled('dim', `${pageUrl} has a code to scan, so that only this machine can read your chats`)]
}

function modelLines(model: ModelStatus, columns: number): readonly string[] {
  const busy = '▮'.repeat(Math.min(model.running, 16)) + '▯'.repeat(Math.min(model.slots - model.running, 16))
  const speed = model.tokensPerSecond > 0 ? `${Math.round(model.tokensPerSecond)} tokens/s` : ''
  const first = [styled('bold', model.model.padEnd(24)), stateText(model), model.device, busy, speed]
  const sentences = [model.sentence, model.seal].flatMap((sentence) => wrap(sentence, columns - 2))
  return [first.join('  '), ...sentences.map((line) => `  ${line}`)]
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

/** A text in lines of a width, between words; none for an empty text. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Cuts a line to the terminal's width. A line that is too long loses its styles, so that none is left open. */
function clip(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length <= columns ? line : plain.slice(0, columns)
}
