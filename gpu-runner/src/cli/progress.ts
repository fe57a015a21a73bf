import type { Output } from './output.ts'
import { styled } from './output.ts'

export type Progress = {
  readonly note: (file: string, bytes: number, totalBytes: number | undefined) => void
  readonly close: () => void
}

const BAR_CHARS = 24
const PLAIN_STEP_PERCENT = 25
const REDRAW_MS = 100

/** Shows a download: a thread that grows on a terminal, a line per quarter in a pipe, objects for programs. */
export function openProgress(output: Output, nowMs: () => number): Progress {
  let lastFile = ''
  let lastStep = -1
  let drawnMs = 0
  const startLine = (file: string) => {
    if (file !== lastFile && lastFile !== '' && output.mode === 'screen') output.raw('\n')
    if (file !== lastFile) lastStep = -1
    lastFile = file
  }
  return {
    note: (file, bytes, totalBytes) => {
      startLine(file)
      const done = totalBytes !== undefined && bytes >= totalBytes
      if (output.mode === 'screen') {
        if (!done && nowMs() - drawnMs < REDRAW_MS) return
        drawnMs = nowMs()
        return output.raw(`\r\u001b[K${progressLine(file, bytes, totalBytes)}`)
      }
      const step = totalBytes ? Math.floor((bytes * 100) / totalBytes / PLAIN_STEP_PERCENT) : 0
      if (step === lastStep) return
      lastStep = step
      output.line(
        output.mode === 'json'
          ? JSON.stringify({ event: 'download-progress', file, bytes, totalBytes })
          : `${file}: ${sizeText(bytes)}${totalBytes === undefined ? '' : ` of ${sizeText(totalBytes)}`}`,
      )
    },
    close: () => {
      if (lastFile !== '' && output.mode === 'screen') output.raw('\n')
    },
  }
}

/** `━━━━━━╌╌╌╌ 45 % of 1.2 GB  onnx/model_q4.onnx` */
export function progressLine(file: string, bytes: number, totalBytes: number | undefined): string {
  if (!totalBytes) return `${styled('dim', '╌'.repeat(BAR_CHARS))} ${sizeText(bytes)}  ${file}`
  const share = Math.min(1, bytes / totalBytes)
  const full = Math.round(share * BAR_CHARS)
  const bar = styled('yellow', '━'.repeat(full)) + styled('dim', '╌'.repeat(BAR_CHARS - full))
  return `${bar} ${Math.floor(share * 100)} % of ${sizeText(totalBytes)}  ${file}`
}

/** Bytes for people: `5.8 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1000 ** power).toFixed(1)} ${['B', 'kB', 'MB', 'GB'][power]}`
}
