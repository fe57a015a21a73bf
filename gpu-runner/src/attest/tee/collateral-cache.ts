import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { snpCollateralSchema } from '../../../../protocol/src/attestation/snp/collateral.ts'
import { tdxCollateralSchema } from '../../../../protocol/src/attestation/tdx/collateral.ts'
import { sha256Hex } from '../../../../protocol/src/canonical-json.ts'
import type { Clock } from '../../clock.ts'
import type { DatedCollateral, Made } from './tee.ts'

const keptSchema = z.strictObject({
  version: z.literal(1),
  fetchedAtMs: z.int().min(0),
  untilMs: z.int().min(0),
  collateral: z.union([tdxCollateralSchema, snpCollateralSchema]),
})
type Kept = z.infer<typeof keptSchema>

export type CollateralCache = {
  /** Gives what is kept under a name, or fetches it. Reasons are those of the fetch. */
  readonly read: (
    name: string,
    fetchAnew: () => Promise<Made<DatedCollateral>>,
  ) => Promise<Made<DatedCollateral>>
}

/**
 * Keeps collateral on disk until half of its life is over. After that it is fetched anew, and where that fails, what is
 * kept serves until its end. Nothing in it is secret, and verifiers check all of it.
 */
export function createCollateralCache({
  clock,
  folder,
}: {
  readonly clock: Clock
  readonly folder: string
}): CollateralCache {
  return {
    read: async (name, fetchAnew) => {
      const file = path.join(folder, `collateral-${(await sha256Hex(name)).slice(0, 32)}.json`)
      const kept = await readKept(file)
      const nowMs = clock.nowMs()
      if (kept && isYoung(kept, nowMs)) return { ok: true, value: kept }
      const fetched = await fetchAnew()
      if (!fetched.ok) return kept && nowMs < kept.untilMs ? { ok: true, value: kept } : fetched
      await writeKept(file, { version: 1, fetchedAtMs: nowMs, ...fetched.value })
      return fetched
    },
  }
}

function isYoung({ fetchedAtMs, untilMs }: Kept, nowMs: number): boolean {
  // A clock that went back tells nothing of an age.
  return nowMs >= fetchedAtMs && nowMs < fetchedAtMs + (untilMs - fetchedAtMs) / 2
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return keptSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined // nothing kept yet, or a damaged file: it is fetched anew
  }
}

/** Writes beside and renames. Where the disk cannot be written, everything is fetched each time. */
async function writeKept(file: string, kept: Kept): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(`${file}.part`, JSON.stringify(kept), { mode: 0o600 })
    await rename(`${file}.part`, file)
  } catch {
    // A read-only image, say.
  }
}
