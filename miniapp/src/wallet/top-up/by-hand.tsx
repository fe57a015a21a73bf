import { lazy, type ReactNode, Suspense, useState } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { useWords } from '../../words/define-words.ts'
import type { DepositWay } from '../money.ts'
import { WALLET_WORDS } from '../words/words.ts'

const QrCode = lazy(async () => ({ default: (await import('../../ui/qr-code.tsx')).QrCode }))

/** Address and comment, for a transfer from any wallet, also one on another device. */
export function ByHand({ deposit: { address, comment } }: { readonly deposit: DepositWay }): ReactNode {
  const words = useWords(WALLET_WORDS)
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="exact" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words['by-hand']}</summary>
      {isOpen && (
        <div className="by-hand">
          <CodeBlock label={words['hand-address']} text={address} />
          <CodeBlock label={words['hand-comment']} text={comment} />
          <Suspense fallback={<div className="qr" />}>
            <QrCode
              label={words['hand-code']}
              text={`ton://transfer/${address}?text=${encodeURIComponent(comment)}`}
            />
          </Suspense>
        </div>
      )}
    </details>
  )
}
