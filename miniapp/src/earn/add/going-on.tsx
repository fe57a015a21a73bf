import { type ReactNode, useState } from 'react'
import { PlaceLink } from '../../shell/place-link.tsx'
import { Chevron } from '../../ui/chevron.tsx'
import { useWords } from '../../words/define-words.ts'
import { deviceStorage } from '../device-storage.ts'
import { EARN_WORDS } from '../words/words.ts'
import { readKeptPairing } from './kept-pairing.ts'

/** The way back to a pairing that was begun and has not earned yet. */
export function GoingOn(): ReactNode {
  const words = useWords(EARN_WORDS)
  const [kept] = useState(() => readKeptPairing(deviceStorage(), Date.now()))
  if (!kept) return null
  return (
    <PlaceLink to="/earn/add" className="card way" testId="pairing-going-on">
      <span>
        <b>{words['going-on']}</b>
        <span className="hint">{words['going-on-next']}</span>
      </span>
      <Chevron />
    </PlaceLink>
  )
}
