/** The address of the socket: one link per runner and model. Undefined where the coordinator's address is none. */
export function linkUrl(coordinator: string, runnerId: string, model: string): string | undefined {
  if (!/^https?:\/\//i.test(coordinator) || !URL.canParse(coordinator)) return undefined
  const url = new URL(`${coordinator.replace(/\/+$/, '').replace(/^http/i, 'ws')}/v1/runners/link`)
  url.searchParams.set('runner', runnerId)
  url.searchParams.set('model', model)
  return url.href
}
