/** Contrast that small text needs, by WCAG 2.2, 1.4.3. */
const CONTRAST_MIN = 4.5
/** Sixteen steps of mixing lead from a colour to black, to white or to the text's colour. */
const STEPS = 16

/** Colours of a page as `#rrggbb`, by the names of our CSS variables. */
export type Colors = Readonly<Record<string, string>>

/**
 * Moves colours that a theme makes hard to read just far enough: themes are made by everybody, and Telegram's own
 * buttons stay below the contrast that small text needs. What a theme leaves out is left out.
 */
export function readableColors(colors: Colors): Record<string, string> {
  const { '--surface': surface, '--ground': ground, '--text': text } = colors
  const button = colors['--button']
  const buttonText = colors['--button-text'] ?? '#ffffff'
  const readable: Record<string, string> = { ...colors }
  const behind = [surface, ground].filter((color) => color !== undefined)
  for (const name of ['--hint', '--link', '--bad']) {
    const color = colors[name]
    if (color && text) readable[name] = moveUntilReadable(color, text, behind)
  }
  if (button) {
    const away = luminance(buttonText) > 0.5 ? '#000000' : '#ffffff'
    readable['--button'] = moveUntilReadable(button, away, [buttonText])
  }
  return readable
}

/** WCAG's contrast of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function moveUntilReadable(color: string, towards: string, against: readonly string[]): string {
  for (let step = 0; step < STEPS; step++) {
    const moved = mix(color, towards, step / STEPS)
    if (against.every((other) => contrast(moved, other) >= CONTRAST_MIN)) return moved
  }
  return towards
}

function mix(color: string, towards: string, share: number): string {
  const [from, to] = [channels(color), channels(towards)]
  const mixed = from.map((value, at) => Math.round(value + ((to[at] ?? value) - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(color: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
}
