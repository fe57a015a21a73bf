import { existsSync } from 'node:fs'
import type { Browser, BrowserType } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Opens the machine's own Chromium without a window. */
export function openChromium(chromium: BrowserType): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? PATHS.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error(
      'These tests need Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to one.',
    )
  }
  return chromium.launch({ executablePath, args: QUIET })
}
