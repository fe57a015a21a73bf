import encodeQR from 'qr'

/** What the owner is told beside the code. */
export const SCAN_SENTENCE =
  'Scan this in Settings → Your machines, so that only this machine can read your chats.'

/** What the code says: the app takes it as "this is my machine". */
export function runnerQrText(runnerId: string): string {
  return `sharnaqa:runner:${runnerId}`
}

/** Cells of light around the code: cameras need them. */
const BORDER = 2

/** The code in half blocks, light on dark: one line of text is two rows of it. */
export function drawRunnerQr(runnerId: string): readonly string[] {
  return encodeQR(runnerQrText(runnerId), 'ascii', { ecc: 'low', border: BORDER }).trimEnd().split('\n')
}

/** The code for a page: its dark cells on whatever is behind. */
export function runnerQrSvg(runnerId: string): string {
  return encodeQR(runnerQrText(runnerId), 'svg', { border: BORDER })
}
