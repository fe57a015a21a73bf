import type { ReactNode } from 'react'

/** Where a line of text will stand: as high as the text, in every language. */
function TextBone({ width }: { readonly width: string }): ReactNode {
  return <span className="text-bone" style={{ inlineSize: width }} />
}

/** The card of what owners earned, while it is on its way. */
export function OwnersBone(): ReactNode {
  return (
    <div className="card">
      <p className="hint">
        <TextBone width="9em" />
      </p>
      <p className="number">
        <TextBone width="4em" />
      </p>
      <p className="hint">
        <TextBone width="15em" />
      </p>
    </div>
  )
}

/** The card of how much is going on, while it is on its way. */
export function FactsBone(): ReactNode {
  return (
    <div className="card">
      <div className="network-facts">
        {[1, 2, 3, 4].map((fact) => (
          <div key={fact}>
            <p className="hint">
              <TextBone width="7em" />
            </p>
            <p className="fact-bone">
              <TextBone width="2em" />
            </p>
          </div>
        ))}
      </div>
    </div>
  )
}

/** The table of models, while it is on its way. */
export function TableBone(): ReactNode {
  return (
    <div className="card model-table">
      <p className="hint">
        <TextBone width="6em" />
      </p>
      {[1, 2].map((row) => (
        <div key={row} className="row-bone">
          <p>
            <TextBone width="8em" />
          </p>
          <p className="hint">
            <TextBone width="6em" />
          </p>
        </div>
      ))}
    </div>
  )
}
