import { type ReactNode, useState } from 'react'
import { Sentence } from '../words/words-context.tsx'
import { type BoundWallet, shortAddress } from './money.ts'
import { useWalletWords } from './use-wallet-words.ts'
import type { ConnectOutcome, WalletActions } from './wallet-actions.ts'

type Props = { readonly wallet: BoundWallet | undefined; readonly actions: WalletActions }

/** The wallet that payouts go to: none yet, bound, or about to change. */
export function BoundWalletCard({ wallet, actions }: Props): ReactNode {
  const { language, words } = useWalletWords()
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ConnectOutcome>()
  const connect = async () => {
    setBusy(true)
    setOutcome(undefined)
    setOutcome(await actions.connect())
    setBusy(false)
  }
  return (
    <article className="card" aria-labelledby="your-wallet">
      <h3 id="your-wallet">{words['your-wallet']}</h3>
      {wallet ? (
        <p>
          <bdi dir="ltr" className="command" title={wallet.address} data-testid="wallet-address">
            {shortAddress(wallet.address)}
          </bdi>
        </p>
      ) : (
        <p className="hint">{words['your-wallet-none']}</p>
      )}
      {wallet?.next && (
        <div className="wallet-next">
          <p>
            <Sentence
              text={words['wallet-next']}
              address={
                <bdi dir="ltr" title={wallet.next.address}>
                  {shortAddress(wallet.next.address)}
                </bdi>
              }
              date={new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
                dateStyle: 'medium',
                timeStyle: 'short',
              }).format(wallet.next.fromMs)}
            />
          </p>
          <button type="button" className="button quiet" onClick={() => void actions.keepOld()}>
            {words['wallet-keep']}
          </button>
        </div>
      )}
      <button
        type="button"
        className={wallet ? 'button quiet' : 'button'}
        data-testid="connect"
        disabled={busy}
        onClick={() => void connect()}
      >
        {busy ? words['connect-busy'] : wallet ? words['connect-again'] : words.connect}
      </button>
      <p className="hint" role="status">
        {outcome && (outcome.ok ? words[outcome.isNew ? 'wallet-bound' : 'wallet-waits'] : outcome.sentence)}
      </p>
    </article>
  )
}
