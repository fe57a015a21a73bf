import type { CSSProperties, ReactNode } from 'react'
import { Amount } from '../ui/amount.tsx'
import { useWords } from '../words/define-words.ts'
import { fillText } from '../words/words.ts'
import { useSpeech } from '../words/words-context.tsx'
import { type BookRow, toBook } from './book-rows.ts'
import { useWhere } from './model-table.tsx'
import type { NetworkModel } from './network.ts'
import { formatCount } from './price-words.ts'
import { speedWords } from './speed-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** What runners ask for a model, the cheapest first, and how many places there are at each price. */
export function OrderBook({ model }: { readonly model: NetworkModel }): ReactNode {
  const words = useWords(NETWORK_WORDS)
  const rows = toBook(model)
  return (
    <section className="card ask-book" aria-labelledby="asks">
      <h2 id="asks">{words.asks}</h2>
      {rows.length === 0 ? (
        <p className="hint">{words['asks-none']}</p>
      ) : (
        <>
          <ol>
            {rows.map((row) => (
              <Step key={row.id} row={row} isChat={model.kind === 'chat'} />
            ))}
          </ol>
          <p className="hint">{words['asks-how']}</p>
        </>
      )}
    </section>
  )
}

function Step({ row, isChat }: { readonly row: BookRow; readonly isChat: boolean }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const { price, slots, freeSlots, before, free, busy } = row
  const where = useWhere(row)
  const count = (value: number) => formatCount(language, value)
  const shares = { '--before': before, '--free': free, '--busy': busy } as CSSProperties
  return (
    <li data-testid="ask-step">
      <div className="ask-line">
        <Amount of={price} />
        <span>{fillText(words['ask-free'], { free: count(freeSlots), slots: count(slots) })}</span>
      </div>
      <div className="ask-depth" style={shares} aria-hidden="true">
        <i />
        <i />
      </div>
      <p className="hint">{isChat ? [where, words[speedWords(row)]].join(' · ') : where}</p>
    </li>
  )
}
