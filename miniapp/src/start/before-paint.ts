import { readChosenLanguage } from './chosen-language.ts'
import { readPageSettings } from './page-settings.ts'

// Runs in the page's head as a plain script: language, direction and colours are there before anything is painted.
const { language, direction, theme, colors } = readPageSettings(
  location,
  navigator.languages,
  readChosenLanguage(),
)
const root = document.documentElement
root.lang = language
root.dir = direction
root.dataset.theme = theme
for (const [name, color] of Object.entries(colors)) root.style.setProperty(name, color)
