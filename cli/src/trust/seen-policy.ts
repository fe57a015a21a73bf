import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { digest } from '../../../protocol/src/attestation/fields.ts'
import type { PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import { isSimulatedNetwork } from '../../../protocol/src/attestation/policy/policy.ts'

export type SeenPolicy = NonNullable<PolicyPins['seen']>

const seenSchema = z.record(z.string(), z.strictObject({ seq: z.int().check(z.minimum(0)), digest }))

/** The newest policy of each network that was accepted on this machine: an older one is refused from then on. */
export type SeenPolicies = {
  /** Undefined where none was accepted yet; `damaged` where the file cannot be read: then nothing is known. */
  readonly find: (name: string) => SeenPolicy | undefined | 'damaged'
  readonly note: (name: string, seen: SeenPolicy) => void
}

/** Keeps them in `<dir>/seen-policy.json`, for this user alone. */
export function openSeenPolicies(dir: string): SeenPolicies {
  const path = join(dir, 'seen-policy.json')
  const read = (): z.infer<typeof seenSchema> | 'damaged' => {
    try {
      return seenSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? 'damaged'
    } catch (error) {
      return isMissing(error) ? {} : 'damaged'
    }
  }
  return {
    find: (name) => {
      const all = read()
      return all === 'damaged' ? all : all[name]
    },
    note: (name, seen) => {
      const all = read()
      // Another program on this machine may have seen a newer one meanwhile.
      if (all === 'damaged' || (all[name]?.seq ?? -1) >= seen.seq) return
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      const temporary = `${path}.${process.pid}`
      writeFileSync(temporary, `${JSON.stringify({ ...all, [name]: seen }, null, 2)}\n`, { mode: 0o600 })
      renameSync(temporary, path)
    },
  }
}

/**
 * Under which name a network's policies are remembered. Networks of simulated TEEs all have the same name and signer, so
 * the address is part of theirs.
 */
export function seenNameOf({ network, signers }: PolicyPins, origin: string): string {
  const whose = isSimulatedNetwork(network) ? origin : signers.toSorted().join(',')
  return `${network} ${whose}`
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
