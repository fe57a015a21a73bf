import { runCli } from './cli/run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2), process.env)
// Timers and sockets that are still open belong to nobody now.
process.exit()
