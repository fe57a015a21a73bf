import type { ReactNode } from 'react'

/** The shape of what is coming. Screen readers are told in words instead. */
export function NetworkSkeleton(): ReactNode {
  return (
    <div className="column skeleton" aria-hidden="true">
      <div className="totals">
        {[1, 2].map((tile) => (
          <div key={tile} className="card">
            <i style={{ inlineSize: '70%' }} />
            <i className="tall" style={{ inlineSize: '40%' }} />
            <i style={{ inlineSize: '90%' }} />
          </div>
        ))}
      </div>
      <div className="card models">
        {[1, 2].map((row) => (
          <div key={row} className="model">
            <i style={{ inlineSize: '45%' }} />
            <i style={{ inlineSize: '70%' }} />
            <i style={{ inlineSize: '85%' }} />
            <i style={{ inlineSize: '60%' }} />
            <i style={{ inlineSize: '30%' }} />
          </div>
        ))}
      </div>
    </div>
  )
}
