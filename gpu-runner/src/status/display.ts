import type { Output } from '../cli/output.ts'
import type { RunnerEvent } from '../events.ts'
import { eventLine } from './event-line.ts'
import { drawScreen } from './screen.ts'
import type { StatusBoard } from './status-board.ts'

export type Display = {
  readonly note: (event: RunnerEvent) => void
  readonly close: () => void
}

/** How often the screen is drawn anew while nothing happens. */
const REDRAW_MS = 1000
const HOME_AND_CLEAR = '\u001b[H\u001b[J'
const ALTERNATE_ON = '\u001b[?1049h\u001b[?25l'
const ALTERNATE_OFF = '\u001b[?25h\u001b[?1049l'

/** Shows what happens: one calm screen on a terminal, lines in a pipe, JSON for programs. */
export function openDisplay(output: Output, board: StatusBoard): Display {
  if (output.mode === 'json') return { note: (event) => output.line(JSON.stringify(event)), close: () => {} }
  if (output.mode === 'lines') return { note: (event) => output.line(eventLine(event)), close: () => {} }
  return openScreen(output, board)
}

function openScreen(output: Output, board: StatusBoard): Display {
  let page = ''
  const closing: string[] = []
  const draw = () => output.raw(HOME_AND_CLEAR + drawScreen(board.status(), page, sizeOf(output)))
  // However the program ends, the terminal is given back.
  const restore = () => output.raw(ALTERNATE_OFF)
  process.once('exit', restore)
  output.raw(ALTERNATE_ON)
  const timer = setInterval(draw, REDRAW_MS)
  return {
    note: (event) => {
      if (event.event === 'status-page') page = event.url
      if (event.event === 'tee-simulated') closing.push(event.sentence)
      if (event.event === 'runner-refused' && !event.retry) closing.push(eventLine(event))
      draw()
    },
    close: () => {
      clearInterval(timer)
      process.off('exit', restore)
      restore()
      const { earnedToday } = board.status()
      for (const line of [...closing, `stopped; earned today: ${earnedToday}`]) output.line(line)
    },
  }
}

function sizeOf({ columns, rows }: Output) {
  return { columns: columns(), rows: rows() }
}
