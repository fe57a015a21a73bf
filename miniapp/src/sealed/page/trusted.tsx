import type { ReactNode } from 'react'
import { useWords } from '../../words/define-words.ts'
import { SEAL_PAGE_WORDS } from './words/words.ts'

const OF_TEE = ['trust-chips', 'trust-image', 'trust-signers', 'trust-custody', 'trust-code'] as const
const OF_PAIRED = ['trust-machine', 'trust-code'] as const

/** What no check can take away. */
export function Trusted({ kind }: { readonly kind: 'tee' | 'paired' }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  return (
    <section className="card" aria-labelledby="seal-trusted">
      <h2 id="seal-trusted">{words.trusted}</h2>
      <ul className="trusted-list">
        {(kind === 'tee' ? OF_TEE : OF_PAIRED).map((id) => (
          <li key={id}>{words[id]}</li>
        ))}
      </ul>
    </section>
  )
}
