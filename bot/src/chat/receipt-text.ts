import { formatTon, nano, parseNano } from '../../../protocol/src/money.ts'
import type { WordId } from '../words/en.ts'
import type { Words } from '../words/words.ts'
import type { LastAnswer } from './conversation-state.ts'
import type { RichText } from './rich-text.ts'
import { withCode } from './rich-text.ts'

const TIER_WORDS = {
  open: 'receipt-tier',
  sealed: 'receipt-tier-sealed',
  simulated: 'receipt-tier-simulated',
} as const satisfies Record<string, WordId>

/** The receipt of an answer as a message; undefined when none came. */
export function receiptText(words: Words, { ending, jobId, model, seal }: LastAnswer): RichText | undefined {
  const { usage, runnerIds } = ending
  if (!usage || jobId === undefined) return undefined
  const cost = parseNano(usage.costNano) ?? nano(0n)
  const title = words('receipt-title')
  const lines = [
    title,
    words('receipt-model', { model: model ?? '' }),
    words('receipt-tokens', {
      prompt: String(usage.promptTokens),
      completion: String(usage.completionTokens),
    }),
    words('receipt-cost', { cost: formatTon(cost), nano: usage.costNano }),
    words(TIER_WORDS[seal ?? 'open']),
    words('receipt-job', { job: jobId }),
    ...runnerIds.map((runner) => words('receipt-runner', { runner })),
    ...(runnerIds.length > 0 ? [words('receipt-signed')] : []),
  ]
  const text = lines.join('\n')
  const marked = withCode(text, [jobId, ...runnerIds]).entities
  return { text, entities: [{ type: 'bold', offset: 0, length: title.length }, ...marked] }
}
