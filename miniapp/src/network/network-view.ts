import type { Network } from './network.ts'

/** What the page knows: nothing yet, the network as it is, the network as it was, or that it cannot be asked. */
export type NetworkView =
  | { readonly state: 'loading' }
  | { readonly state: 'live'; readonly network: Network; readonly atMs: number }
  | { readonly state: 'stale'; readonly network: Network; readonly atMs: number }
  | { readonly state: 'failed' }

export type NetworkEvent =
  | { readonly type: 'answered'; readonly network: Network; readonly nowMs: number }
  | { readonly type: 'unreachable' }
  | { readonly type: 'asked-again' }

export function nextView(view: NetworkView, event: NetworkEvent): NetworkView {
  switch (event.type) {
    case 'answered':
      return { state: 'live', network: event.network, atMs: event.nowMs }
    case 'unreachable':
      return 'network' in view ? { ...view, state: 'stale' } : { state: 'failed' }
    case 'asked-again':
      return view.state === 'failed' ? { state: 'loading' } : view
  }
}

/** A time to wait, in words: `12 seconds`. */
export function waitWords(language: string, seconds: number): string {
  const [unit, value] = seconds < 90 ? ['second', Math.max(1, seconds)] : ['minute', seconds / 60]
  const form = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return new Intl.NumberFormat(`${language}-u-nu-latn`, form).format(Math.ceil(value))
}
