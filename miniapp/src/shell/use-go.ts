import { useCallback } from 'react'
import { useLocation } from 'wouter'
import { addressOf, type Place } from './places.ts'

/** Goes to another page of the app. */
export function useGo(): (to: `/${Place}` | `/${Place}/${string}`, how?: 'push' | 'replace') => void {
  const [, navigate] = useLocation()
  return useCallback(
    (to, how = 'push') => navigate(addressOf(to, location), { replace: how === 'replace' }),
    [navigate],
  )
}
