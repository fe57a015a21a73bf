import { OPTIONS } from '../config/options.ts'

const settings = Object.values(OPTIONS).map((option) => `  --${option.flag.padEnd(16)} ${option.help}`)

export const HELP = `sharnaqa-runner: serve AI on this machine and earn Toncoin

Commands
  pair <code>            join your account with the code that the app shows
  start                  serve, until Ctrl+C
  status                 what the running runner does and earned
  models                 the models on this machine
  models pull <name>     fetch a model from a hub and verify it
  models verify [name]   compare the files with their manifest
  models manifest <dir>  write the manifest of a folder
  bench [model]          measure speed and memory
  help                   this text

Settings (also in config.json, and as SHARNAQA_… in the environment; flags come first)
${settings.join('\n')}

Other flags
  --data-dir         folder of key, settings and pulled models (SHARNAQA_RUNNER_DIR; ~/.sharnaqa/runner)
  --pair             start: join your account with this code first
  --from             models pull: any https:// folder instead of the hub
  --dtype            models pull, models manifest: which weights (q8, q4, q4f16, fp16, fp32)
  --id, --licence    models pull, models manifest: what the manifest says
  --json             one JSON object per line, for programs
  --version          the program's version

Exit codes
  0 all went well · 1 a bug · 2 a flag, a setting or a data file is wrong · 3 refused by the network
  4 a model is missing, damaged or did not load · 5 network or hub not reachable · 6 status: nothing runs`
