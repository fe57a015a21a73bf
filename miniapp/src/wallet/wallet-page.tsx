import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'wouter'
import './wallet.css'
import '../ui/columns.css'
import type { Session } from '../session/session.ts'
import { useSession } from '../session/session-context.tsx'
import { Page } from '../shell/page.tsx'
import { useGo } from '../shell/use-go.ts'
import { Bone } from '../ui/bones.tsx'
import { LiveView } from '../ui/live-view.tsx'
import { OpenInTelegram } from '../ui/open-in-telegram.tsx'
import { useWide } from '../ui/use-wide.ts'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { BoundWalletCard } from './bound-wallet-card.tsx'
import { HistoryCard } from './history/history-card.tsx'
import { useStatement } from './history/use-statement.ts'
import { shortAddress, type WalletFacts } from './money.ts'
import { MoneyCard } from './money-card.tsx'
import { ReservesCard } from './reserves-card.tsx'
import { RunningLink } from './running-link.tsx'
import { TopUpCard } from './top-up/top-up-card.tsx'
import { type UsedWallet, useWallet } from './use-wallet.ts'
import { WithdrawCard } from './withdraw/withdraw-card.tsx'
import { WALLET_WORDS } from './words/words.ts'

const DETAILS = ['top-up', 'withdraw'] as const
type Detail = (typeof DETAILS)[number]

/** The wallet: what there is, what came and went; topping up and withdrawing beside it, or in its place on a phone. */
export function WalletPage(): ReactNode {
  const { words } = useSpeech()
  const session = useSession()
  if (session) return <OwnWallet session={session} />
  return (
    <Page title={words['place-wallet']}>
      <OpenInTelegram start="wallet" />
    </Page>
  )
}

function OwnWallet({ session }: { readonly session: Session }): ReactNode {
  const general = useSpeech().words
  const words = useWords(WALLET_WORDS)
  const used = useWallet(session)
  const isWide = useWide()
  const go = useGo()
  const [pathname] = useLocation()
  const detail = DETAILS.find((one) => one === pathname.split('/')[2])
  useEffect(() => {
    if (detail) document.querySelector('.wallet .scroll')?.scrollTo(0, 0)
  }, [detail])
  const { live } = used.facts
  return (
    <Page
      className="wallet"
      title={detail && !isWide ? words[detail] : general['place-wallet']}
      under={'value' in live ? <Under facts={live.value} /> : '\u00a0'}
      onBack={detail && (() => go('/wallet', 'replace'))}
    >
      <div className="whole">
        <LiveView of={used.facts} skeleton={<Skeleton />}>
          {(facts) => <Columns used={used} facts={facts} session={session} detail={detail} />}
        </LiveView>
      </div>
    </Page>
  )
}

/** The wallet that payouts go to, in one line. */
function Under({ facts }: { readonly facts: WalletFacts }): ReactNode {
  const words = useWords(WALLET_WORDS)
  if (!facts.wallet) return words['no-wallet']
  return (
    <bdi dir="ltr" title={facts.wallet.address} data-testid="wallet-address">
      {shortAddress(facts.wallet.address)}
    </bdi>
  )
}

type ColumnsProps = {
  readonly used: UsedWallet
  readonly facts: WalletFacts
  readonly session: Session
  readonly detail: Detail | undefined
}

function Columns({ used, facts, session, detail }: ColumnsProps): ReactNode {
  const { api, desk, state } = used
  const statement = useStatement(api, facts)
  return (
    <div className="two-columns" data-detail={detail}>
      <div className="column list">
        <MoneyCard facts={facts} />
        {state.topUp.state !== 'idle' && detail !== 'top-up' && <RunningLink topUp={state.topUp} />}
        <BoundWalletCard wallet={facts.wallet} binding={state.binding} desk={desk} />
      </div>
      <div className="column">
        {detail === 'top-up' && <TopUpCard facts={facts} topUp={state.topUp} desk={desk} />}
        {detail === 'withdraw' && <WithdrawCard facts={facts} state={state} desk={desk} />}
        {!detail && <HistoryCard facts={facts} used={statement} session={session} />}
        {!detail && statement.statement.live.state !== 'loading' && <ReservesCard />}
      </div>
    </div>
  )
}

/** The page's own shape while it loads, so that nothing jumps. */
function Skeleton(): ReactNode {
  return (
    <div className="two-columns">
      <div className="column">
        <Bone rows={5} />
        <Bone rows={3} />
      </div>
      <div className="column">
        <Bone rows={6} />
      </div>
    </div>
  )
}
