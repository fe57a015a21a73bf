import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { type Nano, nano, parseNano } from '../../../protocol/src/money.ts'
import { type JobRef, refKey } from '../jobs/job.ts'

const EARNINGS_FILE = 'earnings.json'
/** Days that are kept. */
const DAYS_KEPT = 400
/** Payments that are remembered, so that one told twice counts once. */
const PAYMENTS_KEPT = 500

const earningsSchema = z.object({
  version: z.literal(1),
  /** UTC day → nano as decimal text. */
  days: z.record(z.string(), z.string()),
  /** The latest payments, oldest first. */
  payments: z.array(z.string()),
})

/** What this machine earned, by UTC day, as the coordinator told it. The ledger is the coordinator's: this is for the owner's eyes. */
export type Earnings = {
  /** Adds a payment; one that was told before changes nothing. */
  readonly add: (ref: JobRef, amount: Nano, nowMs: number) => void
  readonly on: (nowMs: number) => Nano
  /** Ends when everything is on disk. */
  readonly saved: () => Promise<void>
}

/** Opens the tally of a data folder. A file that cannot be read begins anew. */
export async function openEarnings(dataDir: string): Promise<Earnings> {
  const file = path.join(dataDir, EARNINGS_FILE)
  const stored = await readEarnings(file)
  const days = new Map(stored.days)
  const payments = new Set(stored.payments)
  let saving = Promise.resolve()
  let isDue = false
  const save = () => {
    if (isDue) return
    isDue = true
    saving = saving.then(async () => {
      isDue = false
      await writeEarnings(file, days, payments)
    })
  }
  const on = (nowMs: number) => days.get(utcDay(nowMs)) ?? nano(0n)
  return {
    add: (ref, amount, nowMs) => {
      if (payments.has(refKey(ref))) return
      payments.add(refKey(ref))
      days.set(utcDay(nowMs), nano(on(nowMs) + amount))
      dropOldest(payments, PAYMENTS_KEPT)
      dropOldest(days, DAYS_KEPT)
      save()
    },
    on,
    saved: () => saving,
  }
}

/** `2026-10-01` */
export function utcDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10)
}

async function readEarnings(file: string): Promise<{ days: [string, Nano][]; payments: string[] }> {
  try {
    const { days, payments } = earningsSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    const amounts = Object.entries(days).map(
      ([day, text]) => [day, parseNano(text) ?? nano(0n)] as [string, Nano],
    )
    return { days: amounts, payments }
  } catch {
    // No file yet, or a damaged one: the ledger still has every payment.
    return { days: [], payments: [] }
  }
}

/** Writes beside and renames, so that a crash leaves the old tally. A full disk loses the tally, never a job. */
async function writeEarnings(file: string, days: ReadonlyMap<string, Nano>, payments: ReadonlySet<string>) {
  const amounts = Object.fromEntries(Array.from(days, ([day, amount]) => [day, amount.toString()]))
  const text = JSON.stringify({ version: 1, days: amounts, payments: [...payments] }, null, 2)
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(`${file}.part`, `${text}\n`, { mode: 0o600 })
    await rename(`${file}.part`, file)
  } catch {
    // The next payment tries again.
  }
}

function dropOldest(items: Map<string, unknown> | Set<string>, kept: number): void {
  for (const key of items.keys()) {
    if (items.size <= kept) return
    items.delete(key)
  }
}
