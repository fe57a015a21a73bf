import { type ReactNode, useId } from 'react'

const SHELL = 'M32 4.5c-12.8 0-19.8 12.2-19.8 27.5S19.2 59.5 32 59.5 51.8 47.3 51.8 32 44.8 4.5 32 4.5Z'
const SILK = [
  { path: 'M14.4 21.5C22.5 12.5 41.5 12.5 49.6 21.5', opacity: 1 },
  { path: 'M12.3 33.5C21 23.5 43 23.5 51.7 33.5', opacity: 0.75 },
  { path: 'M14.2 45C23.5 36 40.5 36 49.8 45', opacity: 0.5 },
] as const

/** The mark, which opens once: its halves part, and the dot in it shines. Where motion is reduced, it is open at once. */
export function OpeningCocoon(): ReactNode {
  const id = useId()
  return (
    <svg className="opening" viewBox="-16 0 96 64" aria-hidden="true">
      <clipPath id={`${id}a`}>
        <path d="M-16-8h48v80h-48z" />
      </clipPath>
      <clipPath id={`${id}b`}>
        <path d="M32-8h48v80H32z" />
      </clipPath>
      <circle className="glow" cx="32" cy="33.5" r="13" />
      <circle className="dot" cx="32" cy="33.5" r="4.4" />
      {(['a', 'b'] as const).map((half) => (
        <g key={half} className={`half ${half}`}>
          <g clipPath={`url(#${id}${half})`}>
            <path d={SHELL} />
            {SILK.map(({ path, opacity }) => (
              <path key={path} d={path} opacity={opacity} />
            ))}
          </g>
        </g>
      ))}
    </svg>
  )
}
