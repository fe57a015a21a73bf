/** A machine that can be confirmed. `name` is undefined for one that the person only knows by its code. */
export type Machine = {
  readonly id: string
  readonly name: string | undefined
  readonly online: boolean
  readonly isOwn: boolean
}

/** The person's own runners, and behind them the others that were confirmed on this device. */
export function machinesOf(
  own: readonly Omit<Machine, 'isOwn'>[],
  confirmed: ReadonlySet<string>,
): readonly Machine[] {
  const known = new Set(own.map(({ id }) => id))
  const others = [...confirmed].filter((id) => !known.has(id))
  return [
    ...own.map((runner) => ({ ...runner, isOwn: true })),
    ...others.map((id) => ({ id, name: undefined, online: false, isOwn: false })),
  ]
}
