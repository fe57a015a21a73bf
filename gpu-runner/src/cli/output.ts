import { styleText } from 'node:util'

/** Where a command writes: a terminal, a pipe, or a program that reads JSON lines. */
export type Output = {
  readonly mode: 'screen' | 'lines' | 'json'
  readonly line: (text: string) => void
  readonly problem: (sentence: string) => void
  /** Writes as it is; for the screen. */
  readonly raw: (text: string) => void
  readonly columns: () => number
  readonly rows: () => number
}

/** Styles are left out where nobody would see them, and where NO_COLOR is set. */
export type Style = Parameters<typeof styleText>[0]

export function openOutput(json: boolean): Output {
  const mode = json ? 'json' : process.stdout.isTTY ? 'screen' : 'lines'
  return {
    mode,
    line: (text) => void process.stdout.write(`${text}\n`),
    problem: (sentence) => void process.stderr.write(`sharnaqa-runner: ${sentence}\n`),
    raw: (text) => void process.stdout.write(text),
    // A terminal that does not know its width says 0.
    columns: () => process.stdout.columns || 80,
    rows: () => process.stdout.rows || 24,
  }
}

/** Colours a text for standard output (checks the stream and NO_COLOR). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}
