import type { ReactNode } from 'react'
import { formatTon, nano } from '../../../../protocol/src/money.ts'
import { OutsideLink } from '../../ui/outside-link.tsx'
import { TapAmount } from '../../ui/tap-amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { WALLET_WORDS, type WalletWords } from '../words/words.ts'
import { signedNano, signedTon } from './amount-words.ts'
import { dayWords, timeWords } from './day-words.ts'
import type { Row } from './rows.ts'

type Props = { readonly row: Row; readonly explorer: string | undefined }

/** One row of what came and went: what it was, when, how it stands, and where the chain shows it. */
export function HistoryRow({ row, explorer }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(WALLET_WORDS)
  const { kind, amount, atMs, count, transactionId } = row
  const isGrouped = kind === 'questions' || kind === 'earned'
  return (
    <li data-testid={testIdOf(row)}>
      <span>
        <b>
          <Title row={row} />
        </b>
        <span className="hint parts">
          <time dateTime={new Date(atMs).toISOString()}>
            {dayWords(language, atMs, Date.now())}
            {!isGrouped && (
              <>
                {' '}
                <bdi dir="ltr">{timeWords(language, atMs)}</bdi>
              </>
            )}
          </time>
          {kind === 'questions' && (
            <span>{fillText(pluralOf(language, words['row-questions-count'], count), { count })}</span>
          )}
          {row.movement && <span>{stateWords(words, row.movement.state)}</span>}
          {explorer && transactionId && (
            <OutsideLink href={`${explorer}/tx/${transactionId}`}>{words['on-chain']}</OutsideLink>
          )}
        </span>
      </span>
      {kind !== 'moved' && (
        <TapAmount
          short={signedTon(amount)}
          exact={signedNano(amount)}
          className={kind === 'earned' ? 'silk' : ''}
        />
      )}
    </li>
  )
}

function Title({ row: { kind, subject, came } }: { readonly row: Row }): ReactNode {
  const words = useWords(WALLET_WORDS)
  if (kind === 'earned') {
    return subject === undefined ? (
      words['row-earned-unnamed']
    ) : (
      <Sentence text={words['row-earned']} name={<bdi>{subject}</bdi>} />
    )
  }
  if (kind === 'moved') {
    return <Sentence text={words['row-moved']} amount={<bdi dir="ltr">{formatTon(nano(came))}</bdi>} />
  }
  return words[`row-${kind}`]
}

/** Deposits and payouts are what stories look for. */
function testIdOf({ kind }: Row): string {
  if (kind === 'deposit') return 'movement-in'
  return kind === 'payout' ? 'movement-out' : `row-${kind}`
}

function stateWords(words: WalletWords, state: string): string {
  const id = `state-${state}`
  const sentence = Object.hasOwn(words, id) ? words[id as keyof WalletWords] : state
  return typeof sentence === 'string' ? sentence : state
}
