import { useSyncExternalStore } from 'react'

const query = matchMedia('(min-width: 900px)')

/** Whether list and detail fit side by side. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      query.addEventListener('change', onChange)
      return () => query.removeEventListener('change', onChange)
    },
    () => query.matches,
  )
}
