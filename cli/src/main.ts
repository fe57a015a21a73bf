import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2), process.env)
// Sockets that are kept alive for the next request belong to nobody now.
process.exit()
