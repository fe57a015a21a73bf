import { homedir } from 'node:os'
import { join } from 'node:path'
import { suiteOf } from '../../../protocol/src/sealed/all-suites.ts'
import { SUITES } from '../../../protocol/src/sealed/suites.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { CommandContext } from '../run-cli.ts'
import { readPins } from './pins-file.ts'
import { openSeenPolicies, seenNameOf } from './seen-policy.ts'

export type OpenedTrust =
  | { readonly ok: true; readonly trust: SealTrust; readonly stateDir: string }
  | { readonly ok: false; readonly sentence: string }

/** What this command line believes: pins, the newest policy that was seen here, and the runners that are confirmed. */
export async function openTrust(
  { flags, output }: Pick<CommandContext, 'flags' | 'output'>,
  origin: string,
): Promise<OpenedTrust> {
  const suite = SUITES.find((one) => one === (flags.suite ?? 'x-wing'))
  if (!suite) return { ok: false, sentence: `--suite is ${SUITES.join(' or ')}.` }
  const read = await readPins(flags.pins)
  if (!read.ok) return read
  const stateDir = flags.state ?? join(homedir(), '.sharnaqa')
  const policies = openSeenPolicies(stateDir)
  const name = seenNameOf(read.pins, origin)
  const kept = policies.find(name)
  if (kept === 'damaged') {
    const sentence = `${stateDir}/seen-policy.json is damaged. Action: restore it, or remove it if you know why.`
    return { ok: false, sentence }
  }
  const seen = newer(kept, read.pins.seen)
  return {
    ok: true,
    stateDir,
    trust: {
      pins: { ...read.pins, ...(seen ? { seen } : {}) },
      simulation: flags['allow-simulated'] ? 'allowed' : 'refused',
      platforms: 'any',
      confirmed: new Set(flags.confirm ?? []),
      suite: suiteOf(suite),
      notePolicy: (accepted) => {
        try {
          policies.note(name, accepted)
        } catch {
          // The disk is full, or the folder is another user's: this process still remembers.
          output.problem(`The newest policy could not be kept in ${stateDir}.`)
        }
      },
    },
  }
}

function newer<T extends { readonly seq: number }>(one: T | undefined, other: T | undefined): T | undefined {
  return (one?.seq ?? -1) >= (other?.seq ?? -1) ? one : other
}
