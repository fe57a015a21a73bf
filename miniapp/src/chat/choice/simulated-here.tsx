import type { ReactNode } from 'react'
import { SimulatedNote } from '../../sealed/simulated-note.tsx'
import { useChat } from '../chat-context.tsx'
import type { Choice } from '../conversation.ts'
import { useSealLook } from './use-seal-look.ts'

/** Says that a tier's TEE is simulated, where evidence that this device verified says so. */
export function SimulatedHere({ choice }: { readonly choice: Choice }): ReactNode {
  const { session } = useChat()
  const look = useSealLook(session, choice)
  const isSimulated = 'value' in look && look.value.ok && look.value.isSimulated
  return (
    isSimulated && (
      <div className="simulated-here">
        <SimulatedNote />
      </div>
    )
  )
}
