import { type ReactNode, useMemo } from 'react'
import type { Session } from '../../session/session.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { TapAmount } from '../../ui/tap-amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import type { WalletFacts } from '../money.ts'
import { WALLET_WORDS } from '../words/words.ts'
import { signedNano, signedTon } from './amount-words.ts'
import { CsvButton } from './csv-button.tsx'
import { dayOf } from './day-words.ts'
import { HistoryRow } from './history-row.tsx'
import { toRows } from './rows.ts'
import { openingOf } from './statement.ts'
import type { Statement, UsedStatement } from './use-statement.ts'

type Props = {
  readonly facts: WalletFacts
  readonly used: UsedStatement
  readonly session: Session
}

/** What came and went, so that it adds up: what there was before, and every line since, are what there is now. */
export function HistoryCard({ facts, used, session }: Props): ReactNode {
  const words = useWords(WALLET_WORDS)
  const { statement, isFetchingOlder, fetchOlder } = used
  return (
    <article className="card history-card" aria-labelledby="history">
      <h2 id="history">{words.history}</h2>
      <LiveView of={statement} skeleton={<Bone rows={6} />}>
        {(value) => (
          <>
            <Rows statement={value} facts={facts} />
            {value.next !== undefined && (
              <button
                type="button"
                className="button quiet"
                data-testid="older"
                disabled={isFetchingOlder}
                onClick={() => void fetchOlder()}
              >
                {words['history-older']}
              </button>
            )}
            {value.lines.length > 0 && <CsvButton session={session} />}
            <p className="hint">
              <Sentence text={words.account} number={<bdi dir="ltr">{facts.account}</bdi>} />
            </p>
          </>
        )}
      </LiveView>
    </article>
  )
}

function Rows({
  statement,
  facts,
}: {
  readonly statement: Statement
  readonly facts: WalletFacts
}): ReactNode {
  const words = useWords(WALLET_WORDS)
  const { lines, whole, next } = statement
  const { movements, deposit } = facts
  const rows = useMemo(() => toRows(lines, movements, dayOf), [lines, movements])
  const opening = openingOf(whole, lines)
  if (lines.length === 0 && next === undefined) return <p className="hint">{words['history-none']}</p>
  return (
    <>
      <Sum label={words['history-now']} amount={whole} testId="history-now" />
      <ul className="history">
        {rows.map((row) => (
          <HistoryRow key={row.key} row={row} explorer={deposit?.explorer} />
        ))}
      </ul>
      <Sum label={words['history-before']} amount={opening} testId="history-before" />
    </>
  )
}

function Sum({
  label,
  amount,
  testId,
}: {
  readonly label: string
  readonly amount: bigint
  readonly testId: string
}): ReactNode {
  const plain = (text: string) => text.replace(/^\+/, '')
  return (
    <p className="history-sum hint">
      <span>{label}</span>
      <TapAmount short={plain(signedTon(amount))} exact={plain(signedNano(amount))} testId={testId} />
    </p>
  )
}
