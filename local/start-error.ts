/** A start that cannot be, for a reason that the person can change. Its message says what to do. */
export class StartError extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'StartError'
  }
}
