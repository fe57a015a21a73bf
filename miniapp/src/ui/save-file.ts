type TextFile = { readonly name: string; readonly type: string; readonly text: string }

/**
 * Saves a text as a file: through the phone's own "share" where that takes files, else as a download. Whether a webview
 * inside Telegram really keeps a download nobody can tell, so offer to copy the text as well. `closed`: the person closed
 * the share sheet.
 */
export async function saveFile({ name, type, text }: TextFile): Promise<'saved' | 'closed'> {
  const file = new File([text], name, { type })
  if (matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] })
      return 'saved'
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return 'closed'
      // The tap was too long ago, or this client forbids sharing: a download is left.
    }
  }
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS)
  return 'saved'
}

const REVOKE_AFTER_MS = 60_000
