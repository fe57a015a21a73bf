import type { ReactNode } from 'react'

type Props = {
  /** Names and what is known; what is not known is left out. */
  readonly facts: readonly { readonly name: string; readonly value: ReactNode | undefined }[]
}

/** Facts by name, one on a line. */
export function FactList({ facts }: Props): ReactNode {
  return (
    <dl className="facts">
      {facts.map(
        ({ name, value }) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
