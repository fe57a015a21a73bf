import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useSpeech } from '../words/words-context.tsx'
import './sheet.css'

type Props = {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A sheet over the page: from below on a phone, in the middle on a desktop. Escape, the cross and a tap beside it close it. */
export function Sheet({ title, onClose, children }: Props): ReactNode {
  const { words } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  const titleId = useId()
  useEffect(() => {
    const { current } = dialog
    if (!current) return
    const leave = new AbortController()
    const { signal } = leave
    current.addEventListener('close', () => close.current(), { signal })
    current.addEventListener('click', ({ target }) => target === current && current.close(), { signal })
    if (!current.open) current.showModal()
    return () => leave.abort()
  }, [])
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={titleId}>
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id={titleId}>{title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label={words.close}
            onClick={() => dialog.current?.close()}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="m6 6 12 12M18 6 6 18" />
            </svg>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  )
}
