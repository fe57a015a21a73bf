import type { ReactNode } from 'react'
import { Amount } from '../../ui/amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { TopUpWords } from '../running-link.tsx'
import { Steps } from '../steps.tsx'
import type { TopUp, WalletDesk } from '../wallet-desk.ts'
import { WALLET_WORDS } from '../words/words.ts'

type Props = { readonly topUp: TopUp; readonly desk: WalletDesk }

/** How many of the steps are behind us while one runs. */
const DONE = { connect: 0, sign: 0, sent: 2, seen: 3 } as const

/** From the wallet to the balance, step by step, and a way out of a wallet that never answers. */
export function TopUpProgress({ topUp, desk }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const isWaiting = topUp.state === 'running' && (topUp.step === 'connect' || topUp.step === 'sign')
  const first = topUp.state === 'running' && topUp.step === 'connect' ? 'step-connect' : 'step-sign'
  const steps = [words[first], words['step-sent'], words['step-seen'], words['step-credited']]
  return (
    <>
      {topUp.state === 'running' && (
        <>
          <p>
            <Sentence text={words['running-top-up']} amount={<Amount of={topUp.amount} />} />
          </p>
          <Steps label={words.steps} steps={steps} done={DONE[topUp.step]} />
        </>
      )}
      {topUp.state === 'credited' && <Steps label={words.steps} steps={steps} done={steps.length} />}
      <p
        role={topUp.state === 'failed' ? 'alert' : 'status'}
        data-testid="top-up-outcome"
        className={topUp.state === 'failed' ? 'bad' : undefined}
      >
        {topUp.state !== 'idle' && <TopUpWords topUp={topUp} />}
      </p>
      {isWaiting && (
        <>
          <p className="hint">{words[topUp.step === 'connect' ? 'connect-window' : 'wallet-slow']}</p>
          <button type="button" className="button quiet" data-testid="stop-waiting" onClick={desk.leave}>
            {words['stop-waiting']}
          </button>
        </>
      )}
      {(topUp.state === 'credited' || topUp.state === 'late') && (
        <button type="button" className="button quiet" onClick={desk.clear}>
          {words['top-up-again']}
        </button>
      )}
    </>
  )
}
