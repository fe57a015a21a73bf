import { parseArgs } from 'node:util'
import { type Config, dataDirOf, type Env, readConfigFile, resolveConfig } from '../config/config.ts'
import { SETTING_FLAGS } from '../config/options.ts'
import { VERSION } from '../version.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { HELP } from './help.ts'
import { type Output, openOutput } from './output.ts'

/** What every command gets. */
export type CommandContext = {
  readonly args: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly config: Config
  readonly dataDir: string
  readonly env: Env
  readonly output: Output
}

type Command = (context: CommandContext) => Promise<ExitCode>

/** Each command's file is loaded when it is asked for: `help` need not wait for an engine. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  pair: async () => (await import('./pair-command.ts')).pairCommand,
  start: async () => (await import('./start-command.ts')).startCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  models: async () => (await import('./models-command.ts')).modelsCommand,
  bench: async () => (await import('./bench-command.ts')).benchCommand,
}

/** Runs one command line and gives the exit code. */
export async function runCli(argv: readonly string[], env: Env): Promise<ExitCode> {
  const read = readArgs(argv)
  if (!read.ok) {
    openOutput(false).problem(read.sentence)
    return EXIT.usage
  }
  const { flags, positionals } = read
  const output = openOutput(flags.json === true)
  const [name, ...args] = positionals
  if (flags.version) {
    output.line(VERSION)
    return EXIT.ok
  }
  if (flags.help || name === undefined || name === 'help') {
    output.line(HELP)
    return name === undefined && !flags.help ? EXIT.usage : EXIT.ok
  }
  const load = COMMANDS[name]
  if (!load) {
    output.problem(`There is no command "${name}". Action: sharnaqa-runner help`)
    return EXIT.usage
  }
  const dataDir = dataDirOf(flags, env)
  const config = resolveConfig(flags, env, await readConfigFile(dataDir))
  if (!config.ok) {
    output.problem(config.sentence)
    return EXIT.usage
  }
  const command = await load()
  return await command({ args, flags, config: config.config, dataDir, env, output })
}

function readArgs(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...SETTING_FLAGS,
        'data-dir': { type: 'string' },
        pair: { type: 'string' },
        from: { type: 'string' },
        dtype: { type: 'string' },
        licence: { type: 'string' },
        id: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    })
    return { ok: true, flags: values, positionals } as const
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split('. To specify')[0] : 'unknown flag'
    return { ok: false, sentence: `${sentence}. Action: sharnaqa-runner help` } as const
  }
}
