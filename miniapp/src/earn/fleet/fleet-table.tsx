import { type ReactNode, startTransition, useCallback, useDeferredValue, useMemo, useState } from 'react'
import type { FleetRunnerJson } from '../../../../protocol/src/miniapp/runners.ts'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { EARN_WORDS } from '../words/words.ts'
import { FleetRow } from './fleet-row.tsx'
import { listRunners, ORDERS, type Order } from './fleet-view.ts'
import { ManyActions } from './many-actions.tsx'

const AGE_MS = 30_000

type Props = { readonly runners: readonly FleetRunnerJson[]; readonly chosenId: string | undefined }

/** Many runners: searched, ordered, and several of them changed at once. Rows out of sight cost nothing. */
export function FleetTable({ runners, chosenId }: Props): ReactNode {
  const words = useWords(EARN_WORDS)
  const nowMs = useNow(AGE_MS)
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState<Order>('earned')
  const [selected, setSelected] = useState<ReadonlySet<string>>()
  const sought = useDeferredValue(search)
  const listed = useMemo(
    () => listRunners(runners, { search: sought, order, span: 'today' }),
    [runners, sought, order],
  )
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])
  return (
    <section className="card fleet" aria-label={words.runners}>
      <div className="fleet-tools">
        <input
          type="search"
          className="field"
          value={search}
          placeholder={words.search}
          aria-label={words.search}
          data-testid="fleet-search"
          onChange={(event) => setSearch(event.target.value)}
        />
        <select
          className="field"
          value={order}
          aria-label={words.order}
          data-testid="fleet-order"
          onChange={(event) => setOrder(ORDERS.find((one) => one === event.target.value) ?? 'earned')}
        >
          {ORDERS.map((one) => (
            <option key={one} value={one}>
              {words[`order-${one}`]}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="chip"
          data-testid="fleet-select"
          onClick={() => startTransition(() => setSelected(selected ? undefined : new Set()))}
        >
          {selected ? words['select-end'] : words.select}
        </button>
      </div>
      {selected && <ManyActions listed={listed} selected={selected} onSelect={setSelected} />}
      {listed.length === 0 && (
        <p className="hint" role="status">
          {fillText(words['search-none'], { search: sought })}
        </p>
      )}
      <ul className="runners">
        {listed.map((runner) => (
          <FleetRow
            key={runner.id}
            runner={runner}
            nowMs={nowMs}
            isChosen={runner.id === chosenId}
            isSelected={selected?.has(runner.id)}
            onToggle={toggle}
          />
        ))}
      </ul>
    </section>
  )
}
