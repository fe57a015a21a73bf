import type { ReactNode } from 'react'
import { useWords } from '../words/define-words.ts'
import './sealed.css'
import { SEAL_WORDS } from './words/words.ts'

/** Says of a simulated TEE that it proves nothing. Shown where evidence that this device verified says so of itself. */
export function SimulatedNote(): ReactNode {
  const words = useWords(SEAL_WORDS)
  return (
    <p className="simulated" role="note" data-testid="simulated">
      {words.simulated}
    </p>
  )
}
