import { Hono } from 'hono'
import { modelIdSchema } from '../../../protocol/src/model-manifest.ts'

export type LinkRouteDeps = {
  /** Hands the request to the object that keeps this model's links; undefined for a runner that nobody paired. */
  readonly openLink: (
    request: Request,
    link: { readonly runnerId: string; readonly model: string },
  ) => Promise<Response | undefined>
}

/** `GET /v1/runners/link?runner=<id>&model=<model>`: a runner's WebSocket. Who it is, the link itself checks. */
export function linkRoute({ openLink }: LinkRouteDeps): Hono {
  return new Hono().get('/v1/runners/link', async (c) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      return c.text('Runners connect here by WebSocket.', 426, { upgrade: 'websocket' })
    }
    const model = modelIdSchema.safeParse(c.req.query('model'))
    const runnerId = c.req.query('runner') ?? ''
    if (!model.success || !/^run_[0-9a-z]{26}$/.test(runnerId))
      return c.text('A link needs ?runner=<runner id>&model=<model name>.', 400)
    const link = await openLink(c.req.raw, { runnerId, model: model.data })
    return link ?? c.text('The network does not know this runner. Pair it with a code from "Add a GPU".', 403)
  })
}
