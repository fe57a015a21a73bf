import * as z from 'zod/mini'
import { digest, momentMs } from './fields.ts'
import { formatSchema } from './policy/policy.ts'
import { type Checked, REASONS, type ReasonCode, STEPS, type StepName } from './reasons.ts'

const reasonSchema = z.enum(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]])

/** One step: what it was given and what it said. `skipped`: this format has no such part. `unreached`: an earlier one refused. */
export const stepReportSchema = z.strictObject({
  step: z.int().check(z.minimum(1), z.maximum(STEPS.length)),
  name: z.enum(STEPS),
  verdict: z.enum(['passed', 'refused', 'skipped', 'unreached']),
  reason: z.optional(reasonSchema),
  inputs: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type StepReport = z.infer<typeof stepReportSchema>

/**
 * What the verifier saw and said, for the person to read. It proves nothing to anyone else: whoever doubts it runs the
 * verifier again.
 */
export const verificationDocumentSchema = z.strictObject({
  version: z.literal(1),
  verdict: z.enum(['accepted', 'refused']),
  /** Why, where it was refused. */
  reason: z.optional(reasonSchema),
  /** Evidence of the simulated TEE: a page must say so above everything else. */
  isSimulated: z.boolean(),
  verifiedAtMs: z.nullable(momentMs),
  /** Until when an accepted verdict may be used again; null where it was refused. */
  untilMs: z.nullable(momentMs),
  format: z.nullable(formatSchema),
  evidenceDigest: z.nullable(digest),
  runnerId: z.nullable(digest),
  policySeq: z.nullable(z.int()),
  policyDigest: z.nullable(digest),
  steps: z.array(stepReportSchema).check(z.length(STEPS.length)),
})
export type VerificationDocument = z.infer<typeof verificationDocumentSchema>

/** Runs the steps in order and writes down what each one said. */
export type StepLog = {
  /** Runs a check as a step. Gives its value, or undefined where it refused: then the story ends. */
  run<T>(name: StepName, check: () => Checked<T> | Promise<Checked<T>>): Promise<T | undefined>
  /** Writes that a step has nothing to check, and why. */
  skip(name: StepName, why: string): void
  /** The first reason for which a step refused. */
  reason(): ReasonCode | undefined
  /** Every step, in order. */
  reports(): readonly StepReport[]
}

/** Starts with no step run. */
export function startStepLog(): StepLog {
  const said = new Map<StepName, Omit<StepReport, 'step' | 'name'>>()
  return {
    run: async (name, check) => {
      const checked = await guard(check)
      const { ok, inputs } = checked
      said.set(
        name,
        ok ? { verdict: 'passed', inputs } : { verdict: 'refused', reason: checked.reason, inputs },
      )
      return ok ? checked.value : undefined
    },
    skip: (name, why) => {
      said.set(name, { verdict: 'skipped', inputs: { why } })
    },
    reason: () => [...said.values()].find((report) => report.verdict === 'refused')?.reason,
    reports: () =>
      STEPS.map((name, index) => {
        const report = said.get(name) ?? { verdict: 'unreached' as const, inputs: {} }
        return { step: index + 1, name, ...report }
      }),
  }
}

async function guard<T>(check: () => Checked<T> | Promise<Checked<T>>): Promise<Checked<T>> {
  try {
    return await check()
  } catch (error) {
    // A fault of the verifier, such as a runtime without Ed25519, must refuse, and must be seen as what it is.
    const fault = error instanceof Error ? error.name : 'unknown'
    return { ok: false, reason: 'verifier-fault', inputs: { fault } }
  }
}
