export const HELP = `sharnaqa: sealed AI from your own machine, and the tools to check the network

Commands
  proxy                  an OpenAI-compatible endpoint on this machine that seals each chat before it leaves
  verify <receipt|job>   check a receipt, a file or the id of a job, step by step
  policy keygen          make a key that signs policies
  policy sign <file>     sign a policy; the file collects the signatures
  policy publish <file>  hand a policy to the network
  policy show [file]     say in plain words what a policy allows; without a file: the network's
  help                   this text

The network
  --api <url>            address of the network, https://… with or without /v1 (SHARNAQA_API)
  --key <sk-…>           API key (SHARNAQA_API_KEY; there other users of this machine do not see it)

What is believed
  --pins <file>          whose policies are believed; without it: those that came with this program
  --allow-simulated      take the simulated TEE, which proves nothing; for tries on one's own machine
  --state <dir>          where the newest policy is remembered, so that an older one is refused (~/.sharnaqa)

proxy
  --port <n>             port on 127.0.0.1 (8788; 0: any that is free)
  --tier <tier>          confidential: runners in a verified TEE · own: your own runners (confidential)
  --confirm <run_…>      tier own: a runner that you know is yours; may be repeated
  --suite <suite>        x-wing: withstands quantum computers, too · x25519: some ms quicker (x-wing)
  --manifest <m=digest>  insist on these files of a model (SHA-256 of its manifest); may be repeated
  --verify-only <model>  show each step of checking the model's runners, then end

policy
  --signer <file>        sign: the key's file
  --out <file>           keygen, sign: where the result goes

verify
  --chain <url>          a TON index, https://…/api/v3, where the note of the day's root is looked up

Other flags
  --json                 lines of JSON, for programs
  --help                 this text

Exit codes
  0 all went well · 1 a bug · 2 a flag or a file is wrong · 3 the network said no
  4 evidence, a receipt or a policy did not pass · 5 the network could not be reached`
