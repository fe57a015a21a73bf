/** What a person did wrong or must do, in a sentence. Scripts print it and end with code 1. */
export class CommandError extends Error {}

/** Runs a script's story. Expected failures are printed as one sentence, others as they are. */
export async function runCommand(story: () => Promise<void>): Promise<void> {
  try {
    await story()
  } catch (error) {
    if (error instanceof CommandError) console.error(error.message)
    else if (isOfParseArgs(error)) console.error(error.message)
    else throw error
    process.exitCode = 1
  }
}

/** `util.parseArgs` says clearly itself which option it does not know. */
function isOfParseArgs(error: unknown): error is Error {
  return error instanceof TypeError && String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS')
}
