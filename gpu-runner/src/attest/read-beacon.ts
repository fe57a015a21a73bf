import { readUtf8 } from '../../../protocol/src/bytes.ts'
import { beaconsSchema } from '../../../protocol/src/sealed-client/http-network.ts'
import { type FetchDeps, fetchBounded } from './tee/fetch-bounded.ts'
import { type Made, made, notMade } from './tee/tee.ts'

/** A value that nobody knew before it was published, and the network that its statement is for. */
export type NetworkBeacon = { readonly network: string; readonly value: string }

export type ReadBeacon = () => Promise<Made<NetworkBeacon>>

const ANSWER_BYTES_MAX = 65_536

/** Reads the newest beacon at `GET /v1/beacons`. Which one it is decides how old the evidence can be at most. */
export function createBeaconReader(coordinator: string, deps: FetchDeps): ReadBeacon {
  const url = `${coordinator.replace(/\/+$/, '')}/v1/beacons`
  return async () => {
    const fetched = await fetchBounded(deps, url, ANSWER_BYTES_MAX)
    if (!fetched.ok) return notMade(`beacon-${fetched.reason}`)
    const beacons = beaconsSchema.safeParse(parseJson(readUtf8(fetched.value.bytes) ?? '')).data
    if (!beacons) return notMade('beacon-malformed')
    const newest = beacons.data.toSorted((a, b) => b.published_at_ms - a.published_at_ms)[0]
    return newest ? made({ network: beacons.network, value: newest.value }) : notMade('beacon-missing')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
