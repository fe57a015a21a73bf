import { Hono } from 'hono'
import type { LiveNetworkJson } from '../../../protocol/src/miniapp/network.ts'

export type LiveNetworkRouteDeps = {
  readonly readLiveNetwork: () => Promise<LiveNetworkJson>
}

/** `GET /v1/network/live`: what runs now, for everybody. */
export function liveNetworkRoute({ readLiveNetwork }: LiveNetworkRouteDeps): Hono {
  return new Hono().get('/v1/network/live', async (c) =>
    c.json(await readLiveNetwork(), 200, { 'cache-control': 'no-store' }),
  )
}
