import encodeQR from 'qr'
import type { ReactNode } from 'react'

/** A text as a QR code: dark on light in every theme, since many cameras read it only so. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const cells = encodeQR(text, 'raw', { border: 2 })
  const path = cells
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('')
  return (
    <svg className="qr" viewBox={`0 0 ${cells.length} ${cells.length}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  )
}
