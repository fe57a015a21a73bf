import type { Page } from 'playwright-core'

export type Layout = {
  readonly direction: string
  readonly theme: string
  /** Elements that stick out of the screen sideways, and that no box of their own scrolls. */
  readonly widerThanScreen: readonly string[]
  /** Buttons and links that a thumb misses: less than 44 px high, outside of running text. */
  readonly smallTargets: readonly string[]
  /** How far things moved by themselves since the first paint: the sum of layout shifts. */
  readonly shift: number
}

/** Reads from the page what a person would trip over. Runs in the page. */
export async function readLayout(page: Page): Promise<Layout> {
  return (await page.evaluate(`(${inPage})()`)) as Layout
}

const inPage = `async () => {
  const nameOf = (element) => element.outerHTML.slice(0, 120)
  const inScroller = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX) && at !== document.body && !at.matches('.scroll, .shell, .screen, #root')) return true
    }
    return false
  }
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 1 && height > 1 && element.checkVisibility()
  }
  const all = [...document.querySelectorAll('body *')].filter(isSeen)
  const widerThanScreen = all.filter((element) => {
    const { left, right } = element.getBoundingClientRect()
    return (left < -1 || right > innerWidth + 1) && !inScroller(element)
  })
  const isInText = (element) => element.matches('p a, li a, bdi a, span a, summary a, td a, dd a')
  const smallTargets = [...document.querySelectorAll('button, a[href], summary, select, input:not([type=checkbox], [type=radio])')].filter(
    (element) => isSeen(element) && !isInText(element) && element.getBoundingClientRect().height < 43.5,
  )
  const shift = await new Promise((resolve) => {
    let sum = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
    setTimeout(() => resolve(sum), 100)
  })
  return {
    direction: document.documentElement.dir,
    theme: document.documentElement.dataset.theme,
    widerThanScreen: widerThanScreen.map(nameOf),
    smallTargets: smallTargets.map(nameOf),
    shift,
  }
}`
