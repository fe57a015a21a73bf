import type { Policy, SimulatedRoots } from '../policy/policy.ts'
import { SIMULATED_EVALUATION_NUMBER } from './simulated-collateral.ts'
import { SIMULATED_GPU_PROFILE } from './simulated-gpu.ts'
import { SIMULATED_MEASUREMENTS } from './simulated-quote.ts'
import { SIMULATED_LAUNCH, SIMULATED_SNP_TCB } from './simulated-snp.ts'

/** SHA-256 that the simulated image is published under. */
export const SIMULATED_IMAGE = '51'.repeat(32)
/** The network that tests use. Its name says what it is. */
export const SIMULATED_NETWORK = 'sim-local'

const DAY_MS = 86_400_000

/** A policy that takes the simulated TEE, and it alone, for six days. */
export function simulatedPolicy(
  roots: SimulatedRoots,
  plan: { readonly nowMs: number; readonly network?: string; readonly gpus?: number },
): Policy {
  const { mrTd, rtmr0, rtmr1, rtmr2 } = SIMULATED_MEASUREMENTS
  return {
    version: 1,
    network: plan.network ?? SIMULATED_NETWORK,
    seq: 1,
    prev: '00'.repeat(32),
    issuedAtMs: plan.nowMs - DAY_MS,
    expiresAtMs: plan.nowMs + 5 * DAY_MS,
    formats: roots.amd ? ['sim-tdx', 'sim-sev-snp'] : ['sim-tdx'],
    simulatedRoots: roots,
    minTcbEvaluationNumber: SIMULATED_EVALUATION_NUMBER,
    allowedTcb: [],
    hardware: [{ name: 'SIMULATED machine', mrTd, rtmr0 }],
    releases: [{ name: 'SIMULATED image', image: SIMULATED_IMAGE, rtmr1, rtmr2, launch: [SIMULATED_LAUNCH] }],
    snp: {
      minTcb: { genoa: SIMULATED_SNP_TCB, turin: SIMULATED_SNP_TCB },
      // Memory was checked for aliases (BadRAM).
      platformSet: 0x20,
      platformClear: 0,
    },
    gpu: { minCount: 0, maxCount: plan.gpus ?? 8, profiles: [SIMULATED_GPU_PROFILE] },
    revoked: { runners: [], platforms: [], certificates: [] },
    platforms: [],
  }
}
