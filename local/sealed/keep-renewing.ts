/** How often a network that runs for long publishes its policy anew, ms. */
export const RENEW_MS = 86_400_000
/** How long after a renewal that failed it is tried again, ms: the coordinator is being started again, say. */
export const RENEW_RETRY_MS = 60_000

/** Does something again each day, and a minute after it failed, until it is stopped. */
export function keepRenewing(renew: () => Promise<unknown>): { readonly stop: () => void } {
  let isStopped = false
  let timer: ReturnType<typeof setTimeout>
  const wait = (ms: number) => {
    if (!isStopped) timer = setTimeout(() => void again(), ms)
  }
  const again = () =>
    renew().then(
      () => wait(RENEW_MS),
      () => wait(RENEW_RETRY_MS),
    )
  wait(RENEW_MS)
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
