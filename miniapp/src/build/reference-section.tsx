import type { ReactNode } from 'react'
import { Chevron } from '../ui/chevron.tsx'
import { Command } from '../ui/command.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence } from '../words/words-context.tsx'
import { BUILD_WORDS } from './words/words.ts'

const OPENAI_REFERENCE = 'https://platform.openai.com/docs/api-reference/chat/create'

/** How each addition is written, and what is said about it. */
const ADDITIONS = [
  ['"max_price": {"input": 20000000, "output": 80000000}', 'ref-max-price'],
  ['"tier": "own"', 'ref-tier'],
  ['"linger_seconds": 60', 'ref-linger'],
  ['Idempotency-Key: order-1234', 'ref-idempotency'],
  ['"usage": {"total_tokens": 9, "cost_nano": 1234}', 'ref-cost'],
  ['GET /v1/jobs/job_…', 'ref-job'],
] as const

/** What somebody has to know who knows OpenAI's API. */
export function ReferenceSection(): ReactNode {
  const words = useWords(BUILD_WORDS)
  return (
    <>
      <article className="card">
        <h2>{words['same-title']}</h2>
        <p>{words['same-text']}</p>
        <OutsideLink href={OPENAI_REFERENCE} className="link">
          {words['same-link']}
          <Chevron />
        </OutsideLink>
      </article>
      <article className="card">
        <h2>{words['differs-title']}</h2>
        <dl className="reference">
          {ADDITIONS.map(([code, id]) => (
            <div key={id}>
              <dt dir="ltr">
                <code>{code}</code>
              </dt>
              <dd>
                <Sentence text={words[id]} header={<Command text="x-sharnaqa-job" />} />
              </dd>
            </div>
          ))}
        </dl>
        <p className="hint">{words['ref-errors']}</p>
      </article>
    </>
  )
}
