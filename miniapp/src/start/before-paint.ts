import { readPageSettings } from './page-settings.ts'

// Stands in the head as a plain script: language, direction and colours are there before anything is painted.
const { language, direction, theme, colors } = readPageSettings(location, navigator.languages)
const root = document.documentElement
root.lang = language
root.dir = direction
root.dataset.theme = theme
for (const [name, color] of Object.entries(colors)) root.style.setProperty(name, color)
