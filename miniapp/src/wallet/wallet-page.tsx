import type { ReactNode } from 'react'
import './wallet.css'
import { Page } from '../shell/page.tsx'
import { useSpeech } from '../words/words-context.tsx'
import { BoundWalletCard } from './bound-wallet-card.tsx'
import { HistoryCard } from './history-card.tsx'
import { MoneyCards } from './money-cards.tsx'
import { TakeOutCard } from './take-out-card.tsx'
import { TopUpCard } from './top-up-card.tsx'
import { useWallet } from './use-wallet.ts'
import { useWalletWords } from './use-wallet-words.ts'

/** The wallet of the person who opened the Mini App, in its five states. */
export function WalletPage(): ReactNode {
  const { words } = useWalletWords()
  const general = useSpeech().words
  const { view, askAgain, actions } = useWallet()
  return (
    <Page title={words.wallet} className="wallet">
      <span className="unseen" role="status">
        {view.state === 'loading' ? words['wallet-loading'] : ''}
      </span>
      {view.state === 'outside' && <p className="card whole">{words['wallet-open']}</p>}
      {view.state === 'failed' && (
        <div className="card trouble whole" role="alert">
          <p>{view.sentence ?? words['wallet-failed']}</p>
          <button type="button" className="button quiet" onClick={askAgain}>
            {general.retry}
          </button>
        </div>
      )}
      {view.state === 'loading' && <Skeleton />}
      {'facts' in view && (
        <>
          {view.isStale && (
            <p className="hint whole" role="status">
              {words['wallet-stale']}
            </p>
          )}
          <div className={view.isStale ? 'column dimmed' : 'column'}>
            <MoneyCards facts={view.facts} />
            <TopUpCard deposit={view.facts.deposit} actions={actions} />
          </div>
          <div className={view.isStale ? 'column dimmed' : 'column'}>
            <BoundWalletCard wallet={view.facts.wallet} actions={actions} />
            <TakeOutCard facts={view.facts} actions={actions} />
            <HistoryCard
              account={view.facts.account}
              movements={view.facts.movements}
              explorer={view.facts.deposit?.explorer}
            />
          </div>
        </>
      )}
    </Page>
  )
}

/** The page's own shape while it loads, so that nothing jumps. */
function Skeleton(): ReactNode {
  return (
    <div className="column" aria-hidden="true">
      <div className="totals">
        <div className="card bone tall" />
        <div className="card bone tall" />
      </div>
      <div className="card bone" />
    </div>
  )
}
