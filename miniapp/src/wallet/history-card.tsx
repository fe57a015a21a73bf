import type { ReactNode } from 'react'
import { formatTon } from '../../../protocol/src/money.ts'
import { Sentence } from '../words/words-context.tsx'
import type { Movement } from './money.ts'
import { useWalletWords } from './use-wallet-words.ts'
import type { WalletWords } from './words/words.ts'

type Props = {
  readonly account: number
  readonly movements: readonly Movement[]
  readonly explorer: string | undefined
}

/** Deposits and payouts, newest first. */
export function HistoryCard({ account, movements, explorer }: Props): ReactNode {
  const { language, words } = useWalletWords()
  const time = new Intl.DateTimeFormat(`${language}-u-nu-latn`, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <article className="card">
      <h3>{words.history}</h3>
      {movements.length === 0 && <p className="hint">{words['history-none']}</p>}
      <ul className="history">
        {movements.map(({ id, direction, state, amount, atMs, transactionId }) => (
          <li key={`${direction}/${id}`} data-testid={`movement-${direction}`}>
            <span>
              <bdi dir="ltr" className="amount">
                <span className="unseen">{words[`history-${direction}`]}</span>
                {direction === 'in' ? '+' : '−'}
                {formatTon(amount)}
              </bdi>
              <span className="hint">{stateWords(words, state)}</span>
            </span>
            <span className="hint">
              <time dateTime={new Date(atMs).toISOString()}>{time.format(atMs)}</time>
              {explorer && transactionId && (
                <a href={`${explorer}/tx/${transactionId}`} target="_blank" rel="noreferrer">
                  {words['history-view']}
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">
        <Sentence text={words.account} number={<bdi dir="ltr">{account}</bdi>} />{' '}
        <a href={`/reserves.html${location.search}`}>{words.reserves}</a>
      </p>
    </article>
  )
}

function stateWords(words: WalletWords, state: string): string {
  const id = `state-${state}`
  return id in words ? words[id as keyof WalletWords] : state
}
