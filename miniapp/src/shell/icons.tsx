import type { ReactNode } from 'react'
import type { Place } from './places.ts'

const PATHS: Readonly<Record<Place, string>> = {
  chat: 'M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z',
  earn: 'M7 7h10v10H7zM10 7V4m4 3V4m-4 16v-3m4 3v-3M7 10H4m3 4H4m16-4h-3m3 4h-3',
  wallet: 'M4 8v9.5A2.5 2.5 0 0 0 6.5 20H20V9H6.5A2.5 2.5 0 0 1 6.5 4H18v5M16 14.5h.01',
  build: 'm8.5 8-4.5 4 4.5 4m7-8 4.5 4-4.5 4M13.5 5l-3 14',
  network: 'M12 5v6.5M12 11.5 6 18m6-6.5L18 18M12 3.5h.01M5 19.5h.01M19 19.5h.01',
  seal: 'M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6z',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5m-7 5v5',
}

/** A page's sign in the bar, drawn in the text's colour. */
export function PlaceIcon({ place }: { readonly place: Place }): ReactNode {
  return (
    <svg className="place-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[place]} />
    </svg>
  )
}
