import { chromium } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { setupNetwork } from '../setup-network.ts'
import { findBarriers } from './find-barriers.ts'
import { keepPicture, LOOKS, nameOf, openMiniapp } from './open-miniapp.ts'
import { readLayout } from './read-layout.ts'

const network = await setupNetwork({ telegram: 'local', ton: 'local' })
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const PAGES = ['chat', 'earn', 'wallet', 'build', 'network', 'settings'] as const
const SETTLED = { timeout: 20_000 }

test.for(LOOKS.flatMap((look) => PAGES.map((page) => ({ look, page }))))(
  '$page in $look.language, $look.theme, $look.width px wide: whole, still, and open to everybody',
  async ({ look, page: name }) => {
    const page = await openMiniapp(browser, network, { path: `/${name}`, look })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expect.poll(() => page.locator('[aria-busy=true], .skeleton').count(), SETTLED).toBe(0)
    await keepPicture(page, `${name}-${nameOf(look)}`)

    const layout = await readLayout(page)
    expect(layout.direction).toBe(look.language === 'ar' ? 'rtl' : 'ltr')
    expect(layout.theme).toBe(look.theme)
    expect(layout.widerThanScreen).toEqual([])
    expect(layout.smallTargets).toEqual([])
    expect(layout.shift).toBeLessThan(0.01)
    expect(await findBarriers(page)).toEqual([])
    await page.context().close()
  },
)
