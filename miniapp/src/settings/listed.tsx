import type { ReactNode } from 'react'

/** A sentence of several parts, `one · another`, as a list. */
export function Listed({ items }: { readonly items: string }): ReactNode {
  return (
    <ul className="listed">
      {items.split(' · ').map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  )
}
