import type { ReactNode } from 'react'
import { useWords } from '../words/define-words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { momentWords } from './history/day-words.ts'
import { type BoundWallet, shortAddress } from './money.ts'
import { useWalletFailure } from './use-wallet-failure.ts'
import type { Binding, WalletDesk } from './wallet-desk.ts'
import { WALLET_WORDS } from './words/words.ts'

type Props = {
  readonly wallet: BoundWallet | undefined
  readonly binding: Binding
  readonly desk: WalletDesk
  /** True where nothing else can be done before. */
  readonly isMain?: boolean
}

/** The wallet that payouts go to: none yet, bound, or about to change. */
export function BoundWalletCard({ wallet, binding, desk, isMain = false }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const isBusy = binding.state === 'running'
  return (
    <article className="card" aria-labelledby="your-wallet">
      <h2 id="your-wallet">{words['your-wallet']}</h2>
      <p className="hint">
        {wallet ? (
          <Sentence text={words['your-wallet-bound']} address={<Address of={wallet.address} />} />
        ) : (
          words['your-wallet-none']
        )}
      </p>
      {wallet?.next && <NextWallet next={wallet.next} desk={desk} />}
      <button
        type="button"
        className={isMain ? 'button' : 'button quiet'}
        data-testid="connect"
        disabled={isBusy}
        onClick={() => void desk.connect()}
      >
        {isBusy ? words['connect-busy'] : wallet ? words['connect-again'] : words.connect}
      </button>
      {isBusy && (
        <button type="button" className="button quiet" data-testid="stop-waiting" onClick={desk.leave}>
          {words['stop-waiting']}
        </button>
      )}
      {(isBusy || !wallet) && <p className="hint">{words['connect-window']}</p>}
      {isBusy && <p className="hint">{words['wallet-slow']}</p>}
      <BindingWords binding={binding} />
    </article>
  )
}

function NextWallet({
  next,
  desk,
}: {
  readonly next: NonNullable<BoundWallet['next']>
  readonly desk: WalletDesk
}): ReactNode {
  const { language } = useSpeech()
  const words = useWords(WALLET_WORDS)
  return (
    <div className="wallet-next">
      <p>
        <Sentence
          text={words['wallet-next']}
          address={<Address of={next.address} />}
          date={<bdi>{momentWords(language, next.fromMs, Date.now())}</bdi>}
        />
      </p>
      <button type="button" className="button quiet" onClick={() => void desk.keepOld()}>
        {words['wallet-keep']}
      </button>
    </div>
  )
}

function BindingWords({ binding }: { readonly binding: Binding }): ReactNode {
  const words = useWords(WALLET_WORDS)
  const failure = useWalletFailure()
  if (binding.state === 'failed') {
    return (
      <p className="bad" role="alert" data-testid="connect-outcome">
        {failure(binding.reason)}
      </p>
    )
  }
  return (
    <p className="hint" role="status" data-testid="connect-outcome">
      {binding.state === 'done' && words[binding.isNew ? 'wallet-bound' : 'wallet-waits']}
    </p>
  )
}

export function Address({ of }: { readonly of: string }): ReactNode {
  return (
    <bdi dir="ltr" title={of}>
      {shortAddress(of)}
    </bdi>
  )
}
