import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'

const root = join(import.meta.dirname, '../..')

test('in a browser everything sealed, signed and hashed comes out as it was recorded, and opens', async () => {
  const bundle = await build({
    stdin: {
      contents: `
        import { findKnownAnswerFaults } from './protocol/src/sealed/check-known-answers.ts'
        globalThis.findKnownAnswerFaults = findKnownAnswerFaults`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2024',
  })
  const browser = await openChromium(chromium)
  try {
    const page = await browser.newPage()
    // WebCrypto is there for this machine's own pages alone.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>known answers</title>' }),
    )
    await page.goto('http://localhost/')
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' })
    expect(await page.evaluate('findKnownAnswerFaults()')).toEqual([])
  } finally {
    await browser.close()
  }
})
