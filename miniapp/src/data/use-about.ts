import { useQuery } from '@tanstack/react-query'
import { type About, parseAbout } from '../../../protocol/src/miniapp/about.ts'
import { askPublic } from './ask-public.ts'
import { valueOrThrow } from './reply-error.ts'

const FRESH_MS = 10 * 60_000

/** What this network says of itself; undefined until it did. */
export function useAbout(): About | undefined {
  const { data } = useQuery({
    queryKey: ['about'],
    queryFn: async ({ signal }) => valueOrThrow(await askPublic('/v1/about', parseAbout, signal)),
    staleTime: FRESH_MS,
  })
  return data
}
