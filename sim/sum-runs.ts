import type { RunResult } from './books.ts'
import type { RunReport } from './share.ts'

/** What runs come to. `broken`: runs in which the books broke, or which could not go on. */
export type Sum = RunResult & { readonly runs: number; readonly broken: number }

export function sumRuns(reports: readonly RunReport[]): Sum {
  const results = reports.flatMap((report) => (report.ok ? [report.result] : []))
  const total = (name: keyof RunResult) => results.reduce((sum, result) => sum + result[name], 0)
  return {
    runs: reports.length,
    broken: reports.length - results.length,
    payouts: total('payouts'),
    double: total('double'),
    lost: total('lost'),
    stuck: total('stuck'),
    crashes: total('crashes'),
    lostReplies: total('lostReplies'),
    drops: total('drops'),
    ambiguous: total('ambiguous'),
    duplicates: total('duplicates'),
    lags: total('lags'),
    replays: total('replays'),
    zombies: total('zombies'),
    halts: total('halts'),
  }
}

/** Whether the algorithm kept its promise: nobody was paid twice, nobody's coins are lost, nothing hangs, no book broke. */
export function isSound({ broken, double, lost, stuck, halts }: Sum): boolean {
  return broken + double + lost + stuck + halts === 0
}
