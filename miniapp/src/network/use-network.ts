import { useEffect, useReducer, useRef } from 'react'
import { type NetworkView, nextView } from './network-view.ts'
import { type Watch, watchNetwork } from './watch-network.ts'

/** The network, watched while the page is visible, and a way to ask again at once. */
export function useNetwork(): { readonly view: NetworkView; readonly askAgain: () => void } {
  const [view, report] = useReducer(nextView, { state: 'loading' })
  const watch = useRef<Watch>(null)
  useEffect(() => {
    const watching = watchNetwork({
      fetchNetwork,
      isVisible: () => document.visibilityState === 'visible',
      nowMs: Date.now,
      report,
    })
    watch.current = watching
    const wake = () => {
      if (document.visibilityState === 'visible') watching.ask()
    }
    document.addEventListener('visibilitychange', wake)
    addEventListener('online', wake)
    return () => {
      watching.stop()
      document.removeEventListener('visibilitychange', wake)
      removeEventListener('online', wake)
    }
  }, [])
  const askAgain = () => {
    report({ type: 'asked-again' })
    watch.current?.ask()
  }
  return { view, askAgain }
}

async function fetchNetwork(signal: AbortSignal): Promise<unknown> {
  const response = await fetch('/v1/network', { signal, cache: 'no-store' })
  if (!response.ok) throw new Error(`the network answered ${response.status}`)
  return response.json()
}
