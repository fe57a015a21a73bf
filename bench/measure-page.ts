import { chromium, type Page } from 'playwright-core'
import { fillConversation } from '../e2e/miniapp/fill-conversation.ts'
import { openMiniapp } from '../e2e/miniapp/open-miniapp.ts'
import { openChromium } from '../e2e/open-chromium.ts'
import { startNetwork } from '../local/network.ts'
import { median } from './statistics.ts'

/** A phone's processor, by Chromium's reckoning. */
const CPU_SLOWDOWN = 4
const OPENINGS = 5
const LONG_TALK_MESSAGES = 500
const SCROLL_STEPS = 60
const SCROLL_STEP_PX = 400

export type MeasuredPage = {
  /** From the navigation to a page that a person can type into, everything cold, ms. */
  readonly firstUsefulPaintMs: number
  /** The browser's own first contentful paint of the same openings, ms. */
  readonly firstContentfulPaintMs: number
  /** Tasks of more than 50 ms while a conversation of 500 messages is scrolled, not slowed down. */
  readonly longTasks: number
  /** Frames that came late while it was scrolled, of all. */
  readonly lateFramesShare: number
}

/** Measures the Mini App in the machine's Chromium. Undefined where there is none. */
export async function measurePage(stateDir: string): Promise<MeasuredPage | undefined> {
  const browser = await openChromium(chromium).catch(() => undefined)
  if (!browser) return undefined
  const network = await startNetwork(
    {
      port: undefined,
      runners: 1,
      upstream: undefined,
      telegram: 'local',
      ton: 'none',
      reset: false,
      json: true,
      stateDir,
    },
    () => undefined,
  )
  try {
    const paints: { useful: number; contentful: number }[] = []
    for (let opening = 0; opening < OPENINGS; opening++) {
      const page = await openMiniapp(browser, network, { path: '/settings' })
      const url = page.url().replace('/settings', '/chat')
      await page.context().close()
      paints.push(
        await openCold(
          await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage(),
          url,
        ),
      )
    }
    const talk = await openMiniapp(browser, network, { path: '/chat' })
    await talk.getByTestId('composer').waitFor()
    await fillConversation(talk, LONG_TALK_MESSAGES)
    await talk.reload()
    const scrolled = await scrollThrough(talk)
    return {
      firstUsefulPaintMs: median(paints.map(({ useful }) => useful)),
      firstContentfulPaintMs: median(paints.map(({ contentful }) => contentful)),
      ...scrolled,
    }
  } finally {
    await browser.close()
    await network.stop()
  }
}

async function openCold(page: Page, url: string): Promise<{ useful: number; contentful: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
  // The moment is taken in the page itself: what the driver needs to hear of it does not count.
  await page.addInitScript(`
    const look = () => {
      if (document.querySelector('[data-testid=composer]')) requestAnimationFrame(() => requestAnimationFrame((at) => (globalThis.usefulAt = at)))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  `)
  await page.goto(url)
  await page.waitForFunction('globalThis.usefulAt !== undefined')
  const useful = (await page.evaluate('globalThis.usefulAt')) as number
  const contentful = (await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0",
  )) as number
  await page.context().close()
  return { useful, contentful }
}

async function scrollThrough(page: Page): Promise<Pick<MeasuredPage, 'longTasks' | 'lateFramesShare'>> {
  const long = page.getByText('A long talk')
  await page.locator('[data-testid=composer]').waitFor()
  if (await page.getByText('Answer 499').isHidden()) await long.first().click()
  await page.getByText('Answer 499').waitFor()
  return (await page.evaluate(`(async () => {
    let longTasks = 0
    new PerformanceObserver((list) => (longTasks += list.getEntries().length)).observe({ type: 'longtask' })
    let scroller = document.querySelector('[data-testid=message]')
    while (scroller && !(scroller.scrollHeight > scroller.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) scroller = scroller.parentElement
    const gaps = []
    let last = await new Promise(requestAnimationFrame)
    for (let step = 0; step < ${SCROLL_STEPS}; step++) {
      scroller.scrollBy({ top: -${SCROLL_STEP_PX}, behavior: 'instant' })
      const now = await new Promise(requestAnimationFrame)
      gaps.push(now - last)
      last = now
    }
    return { longTasks, lateFramesShare: gaps.filter((gap) => gap > 25).length / gaps.length }
  })()`)) as Pick<MeasuredPage, 'longTasks' | 'lateFramesShare'>
}
