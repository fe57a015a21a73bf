import { useEffect, useState } from 'react'

const SAID_MS = 2000

/** Copies a text, and says for a moment that it did. Where the browser does not let a page copy, nothing is said. */
export function useCopy(): { readonly isCopied: boolean; readonly copy: (text: string) => void } {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SAID_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = (text: string) => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined, // refused: the text can still be selected by hand
    )
  }
  return { isCopied, copy }
}
