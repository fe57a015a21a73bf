import type { ReactNode } from 'react'

/** A card of a skeleton: as tall as what comes. */
export function Bone({ rows = 1 }: { readonly rows?: number }): ReactNode {
  return (
    <div className="card">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bones never move
        <i key={row} className={row === 0 ? 'tall' : undefined} />
      ))}
    </div>
  )
}
