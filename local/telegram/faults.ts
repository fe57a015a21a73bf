/**
 * One way in which a call goes wrong.
 *
 * `lose-reply`: the effect happens, then the connection is reset · `server-error`: 500 before any effect ·
 * `too-many`: 429 for the next `times` calls · `refuse-markup`: 400 for a call that carries markup ·
 * `delay`: the answer comes `delayMs` later · `hold-back`: nothing at all for `delayMs`, then a reset, no effect.
 */
export type Fault = {
  readonly type: 'lose-reply' | 'server-error' | 'too-many' | 'refuse-markup' | 'delay' | 'hold-back'
  readonly method?: string // any method but getUpdates when missing
  readonly chatId?: number // any chat when missing
  readonly times?: number // 1 when missing
  readonly retryAfterS?: number // for too-many; 3 when missing
  readonly delayMs?: number // for delay and hold-back; 1000 when missing
}

type Planned = { readonly fault: Fault; left: number }

/** The faults still to happen, oldest first. */
export class FaultPlan {
  #planned: Planned[] = []

  add(fault: Fault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#planned = []
  }

  get left(): readonly Fault[] {
    return this.#planned.map(({ fault, left }) => ({ ...fault, times: left }))
  }

  /** Takes every fault that strikes this call; each kind at most once. */
  take(call: { method: string; chatId: number | undefined; hasMarkup: boolean }): Fault[] {
    const struck: Fault[] = []
    for (const planned of this.#planned) {
      const { fault } = planned
      if (struck.some(({ type }) => type === fault.type) || !strikes(fault, call)) continue
      planned.left -= 1
      struck.push(fault)
    }
    this.#planned = this.#planned.filter(({ left }) => left > 0)
    return struck
  }
}

function strikes(fault: Fault, call: { method: string; chatId: number | undefined; hasMarkup: boolean }) {
  const method = call.method.toLowerCase()
  if (fault.method ? fault.method.toLowerCase() !== method : method === 'getupdates') return false
  if (fault.chatId !== undefined && fault.chatId !== call.chatId) return false
  return fault.type !== 'refuse-markup' || call.hasMarkup
}
