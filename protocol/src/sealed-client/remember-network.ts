import type { NetworkReply, SealedNetwork } from './sealed-network.ts'

/** So long what the network said is used as it is, ms. */
const FRESH_MS = 15_000
/** So long it is used while it is asked for anew behind the scenes: below what a directory may be old. */
const USED_MS = 90_000
const KEPT_MAX = 64

type Kept<T> = { readonly value: T; readonly atMs: number; isAsked: boolean }

/**
 * A network that remembers directory, policy and beacons for a moment, so that a chat begins with one request and not with
 * four. Nothing is believed longer for it: what is remembered is judged each time, by its own dates. `forget` is for when
 * it was refused.
 */
export function rememberNetwork(network: SealedNetwork, nowMs: () => number): SealedNetwork {
  const kept = new Map<string, Kept<unknown>>()
  let hasUsedOld = false

  const ask = async <T>(name: string, asked: Promise<NetworkReply<T>>): Promise<NetworkReply<T>> => {
    const reply = await asked
    if (!reply.ok) return reply
    kept.delete(name)
    kept.set(name, { value: reply.value, atMs: nowMs(), isAsked: false })
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    return reply
  }

  const remember = async <T>(
    name: string,
    read: (signal?: AbortSignal) => Promise<NetworkReply<T>>,
    signal: AbortSignal | undefined,
  ): Promise<NetworkReply<T>> => {
    const known = kept.get(name) as Kept<T> | undefined
    const ageMs = known ? nowMs() - known.atMs : Number.POSITIVE_INFINITY
    // A clock that was set back makes everything unknown.
    if (!known || !(ageMs >= 0 && ageMs <= USED_MS)) return ask(name, read(signal))
    hasUsedOld = true
    if (ageMs > FRESH_MS && !known.isAsked) {
      known.isAsked = true
      ask(name, read())
        .finally(() => {
          known.isAsked = false
        })
        .catch(() => undefined) // it is asked for again by whoever needs it
    }
    return { ok: true, value: known.value }
  }

  return {
    ...network,
    readDirectory: (model, tier, signal) =>
      remember(`directory ${tier} ${model}`, (one) => network.readDirectory(model, tier, one), signal),
    readPolicy: (signal) => remember('policy', network.readPolicy, signal),
    readBeacons: (signal) => remember('beacons', network.readBeacons, signal),
    forget: () => {
      const wasUsed = hasUsedOld
      hasUsedOld = false
      kept.clear()
      return wasUsed
    },
  }
}
