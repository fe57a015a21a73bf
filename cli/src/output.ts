/** Where a command writes: a person's terminal, or a program that reads lines of JSON. */
export type Output = {
  readonly isJson: boolean
  readonly line: (text: string) => void
  /** One JSON object on one line. */
  readonly event: (event: { readonly [name: string]: unknown }) => void
  readonly problem: (sentence: string) => void
}

export function openOutput(isJson: boolean): Output {
  return {
    isJson,
    line: (text) => void process.stdout.write(`${text}\n`),
    event: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`),
    problem: (sentence) => void process.stderr.write(`sharnaqa: ${sentence}\n`),
  }
}

const SHOWN_CHARS_MAX = 120

/** What came from a network or a caller, for one line of a terminal: it cannot move the cursor, nor begin a line. */
export function printable(text: string): string {
  return text.slice(0, SHOWN_CHARS_MAX).replace(/[^\x20-\x7e]/g, '?')
}
