/** Where a point of the chart is, in its own units; `y` grows downwards. */
export type ChartPoint = { readonly x: number; readonly y: number }

export type ChartShape = {
  readonly points: readonly ChartPoint[]
  /** Paths of SVG: the line, and the surface below it. */
  readonly line: string
  readonly area: string
}

export type ChartSize = { readonly width: number; readonly height: number; readonly padding: number }

/** Amounts are drawn in so many steps: finer than any screen, and within what a float holds exactly. */
const STEPS = 100_000n

/** Draws amounts over time, the oldest first. The largest one touches the top; without any, the line lies on the ground. */
export function chartShape(amounts: readonly bigint[], { width, height, padding }: ChartSize): ChartShape {
  const most = amounts.reduce((one, other) => (other > one ? other : one), 0n)
  const ground = height - padding
  const span = ground - padding
  const points = amounts.map((amount, at) => ({
    x: round(amounts.length > 1 ? (at * width) / (amounts.length - 1) : width / 2),
    y: round(most === 0n ? ground : ground - (Number((amount * STEPS) / most) / Number(STEPS)) * span),
  }))
  const [first] = points
  const last = points.at(-1)
  if (!first || !last) return { points, line: '', area: '' }
  const line = `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`
  return { points, line, area: `${line}L${last.x} ${height}L${first.x} ${height}Z` }
}

/** The point that a finger is nearest to. `share`: 0 at the chart's start, 1 at its end; in Arabic the start is at the right. */
export function nearestPoint(count: number, share: number): number {
  return Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
