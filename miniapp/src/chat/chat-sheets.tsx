import type { ReactNode } from 'react'
import type { OpenSheet } from './chat-context.tsx'
import { ChoiceSheet } from './choice/choice-sheet.tsx'
import { MenuSheet } from './list/menu-sheet.tsx'
import { ReceiptSheet } from './receipt/receipt-sheet.tsx'

type Props = { readonly open: OpenSheet; readonly current: string | undefined; readonly onClose: () => void }

/** The sheet that is open. */
export function ChatSheets({ open, current, onClose }: Props): ReactNode {
  switch (open.sheet) {
    case 'choice':
      return <ChoiceSheet conversation={current} onClose={onClose} />
    case 'menu':
      return <MenuSheet conversation={open.conversation} onClose={onClose} />
    case 'receipt':
      return <ReceiptSheet conversation={open.conversation} position={open.position} onClose={onClose} />
    default:
      return open satisfies never
  }
}
