import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { decodeEntities } from './decode-entities.ts'
import { Markdown } from './markdown.tsx'
import { isTelegramLink, safeLink } from './safe-link.ts'

const render = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }))

test('HTML in an answer is text', () => {
  const html = render('<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\nand <b>bold</b>')
  expect(html).not.toMatch(/<(img|script|b)[ >]/)
  expect(html).toContain('&lt;img src=x')
  expect(html).toContain('&lt;b&gt;bold&lt;/b&gt;')
})

test('only web addresses and Telegram’s are links; the words of others stay', () => {
  expect(render('[the map](https://example.org/a)')).toContain('href="https://example.org/a"')
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/v1/balance',
    'JaVaScRiPt:x',
  ]) {
    const html = render(`[click](${address})`)
    expect(html, address).not.toContain('<a')
    expect(html, address).toContain('click')
  }
})

test('a picture is not loaded', () => {
  const html = render('![a cat](https://example.org/cat.png)')
  expect(html).not.toContain('<img')
  expect(html).toContain('href="https://example.org/cat.png"')
  expect(html).toContain('a cat')
})

test('code is left to right with its language, and what it says is text', () => {
  const html = render('```html\n<b>x</b>\n```')
  expect(html).toContain('dir="ltr"')
  expect(html).toContain('html')
  expect(html).toContain('&lt;b&gt;x&lt;/b&gt;')
})

test('each paragraph has its own direction, and tables scroll by themselves', () => {
  const html = render('مرحبا\n\nhello\n\n| a | b |\n| --- | --- |\n| 1 | 2 |')
  expect(html.match(/<p dir="auto"/g)).toHaveLength(2)
  expect(html).toContain('class="table-scroll"')
})

test('lists keep their numbers and ticks', () => {
  expect(render('3. a\n4. b')).toContain('<ol dir="auto" start="3">')
  const ticked = render('- [x] done\n- [ ] not yet')
  expect(ticked).toContain('☑ done')
  expect(ticked).toContain('☐ not yet')
  expect(ticked).not.toContain('[x]')
})

test('references to characters are read, also when they are none', () => {
  expect(decodeEntities('a &amp; b &#x2014; &#8212; &nope; &#0;')).toBe('a & b — — &nope; &#0;')
  expect(decodeEntities('&#x110000;')).toBe('&#x110000;')
})

test('Telegram’s own addresses are told apart', () => {
  expect(safeLink('tg://resolve?domain=x')?.protocol).toBe('tg:')
  const [own, other] = [safeLink('https://t.me/x'), safeLink('https://t.me.example.org/x')]
  expect(own && isTelegramLink(own)).toBe(true)
  expect(other && isTelegramLink(other)).toBe(false)
})

test('elements nested deeper than anybody writes do not break the page', () => {
  expect(() => render(`${'> '.repeat(500)}deep`)).not.toThrow()
  expect(() => render(`${'- '.repeat(500)}deep`)).not.toThrow()
  expect(() => render(`${'**_'.repeat(300)}deep${'_**'.repeat(300)}`)).not.toThrow()
})
