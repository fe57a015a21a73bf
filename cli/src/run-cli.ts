import { parseArgs } from 'node:util'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { HELP } from './help.ts'
import { type Output, openOutput } from './output.ts'

export type Env = Readonly<Record<string, string | undefined>>

const OPTIONS = {
  api: { type: 'string' },
  key: { type: 'string' },
  pins: { type: 'string' },
  'allow-simulated': { type: 'boolean' },
  state: { type: 'string' },
  port: { type: 'string' },
  tier: { type: 'string' },
  confirm: { type: 'string', multiple: true },
  suite: { type: 'string' },
  manifest: { type: 'string', multiple: true },
  'verify-only': { type: 'string' },
  signer: { type: 'string' },
  out: { type: 'string' },
  chain: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
export type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** What every command gets. */
export type CommandContext = {
  readonly args: readonly string[]
  readonly flags: Flags
  readonly env: Env
  readonly output: Output
}
export type Command = (context: CommandContext) => Promise<ExitCode>

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  proxy: async () => (await import('./proxy/proxy-command.ts')).proxyCommand,
  policy: async () => (await import('./policy/policy-command.ts')).policyCommand,
  verify: async () => (await import('./verify-command.ts')).verifyCommand,
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
  if (flags.help || name === undefined || name === 'help') {
    output.line(HELP)
    return name === undefined && !flags.help ? EXIT.usage : EXIT.ok
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    output.problem(`There is no command "${name}". Action: sharnaqa help`)
    return EXIT.usage
  }
  const command = await load()
  return command({ args, flags, env, output })
}

function readArgs(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS })
    return { ok: true, flags: values, positionals } as const
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split('. To specify')[0] : 'unknown flag'
    return { ok: false, sentence: `${sentence}. Action: sharnaqa help` } as const
  }
}
