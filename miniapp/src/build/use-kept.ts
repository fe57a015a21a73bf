import { useQuery, useQueryClient } from '@tanstack/react-query'

/** How long something is remembered that no page shows any more. */
const KEPT_MS = 15 * 60_000

/** Something that outlives a look at another page: in this page's memory alone, and nowhere else. */
export function useKept<T extends object>(
  name: string,
): readonly [T | undefined, (value: T | undefined) => void] {
  const client = useQueryClient()
  const queryKey = ['build', 'kept', name]
  const { data } = useQuery<T | null>({ queryKey, queryFn: () => null, enabled: false, gcTime: KEPT_MS })
  return [data ?? undefined, (value) => void client.setQueryData<T | null>(queryKey, value ?? null)]
}
