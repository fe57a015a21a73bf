import { createContext, use } from 'react'
import type { EarnApi } from './earn-api.ts'

/** What the earn pages ask the coordinator through. */
export const EarnContext = createContext<EarnApi | undefined>(undefined)

/** Throws outside of the earn pages: they are shown only to somebody who is known. */
export function useEarnApi(): EarnApi {
  const api = use(EarnContext)
  if (!api) throw new Error('useEarnApi outside of EarnContext')
  return api
}
