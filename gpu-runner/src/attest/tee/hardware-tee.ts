import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Clock } from '../../clock.ts'
import { amdChipOf, fetchAmdCollateral } from './amd-collateral.ts'
import { createCollateralCache } from './collateral-cache.ts'
import { EVENT_LOG_FILE, readEventLogFile } from './event-log-file.ts'
import { collectGpuEvidence, readGpuState } from './gpu-evidence.ts'
import { fetchIntelCollateral, intelPlatformOf } from './intel-collateral.ts'
import { runProgram } from './run-program.ts'
import { made, type Tee } from './tee.ts'
import { kernelFiles, makeQuote, TSM_FOLDER } from './tee-quote.ts'

/** The TEE of this machine's processor, with what its maker publishes of it. */
export function openHardwareTee(
  kind: 'tdx' | 'sev-snp',
  { clock, dataDir }: { readonly clock: Clock; readonly dataDir: string },
): Tee {
  const fetching = { clock, fetchUrl: fetch }
  const cache = createCollateralCache({ clock, folder: path.join(dataDir, 'collateral') })
  const makeName = () => `sharnaqa-${randomUUID()}`
  return {
    format: kind,
    readGpu: () => readGpuState(runProgram),
    // SEV-SNP measures once, at the launch: it has no register to log into.
    readEventLog: async () => (kind === 'tdx' ? readEventLogFile(EVENT_LOG_FILE) : made([])),
    collectDevices: (nonce, count) => collectGpuEvidence(runProgram, nonce, count),
    quote: (reportData) =>
      makeQuote({ clock, files: kernelFiles, folder: TSM_FOLDER, makeName }, kind, reportData),
    readCollateral: async (quote) => {
      if (kind === 'tdx') {
        const platform = intelPlatformOf(quote)
        if (!platform.ok) return platform
        const { fmspc, authority } = platform.value
        return cache.read(`intel ${fmspc} ${authority}`, () => fetchIntelCollateral(fetching, platform.value))
      }
      const chip = amdChipOf(quote)
      if (!chip.ok) return chip
      return cache.read(`amd ${JSON.stringify(chip.value)}`, () => fetchAmdCollateral(fetching, chip.value))
    },
  }
}
