import { colorsOf, themeOf } from './page-settings.ts'

/** Takes on a theme that Telegram changed to while the page was open. */
export function showTheme(theme: Readonly<Record<string, string>>): void {
  const root = document.documentElement
  const asked = new URLSearchParams(location.search).get('theme')
  if (asked === 'light' || asked === 'dark' || !theme.bg_color) return
  root.dataset.theme = themeOf(theme.bg_color)
  for (const [name, color] of Object.entries(colorsOf(theme))) root.style.setProperty(name, color)
}
