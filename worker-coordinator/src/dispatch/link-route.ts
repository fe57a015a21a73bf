import { Hono } from 'hono'
import { modelIdSchema } from '../../../protocol/src/model-manifest.ts'

export type LinkRouteDeps = {
  /** Hands the request to the object that keeps this model's links. */
  readonly openLink: (request: Request, model: string) => Promise<Response>
}

/** `GET /v1/runners/link?runner=<id>&model=<model>`: a runner's WebSocket. Who it is, the link itself checks. */
export function linkRoute({ openLink }: LinkRouteDeps): Hono {
  return new Hono().get('/v1/runners/link', async (c) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      return c.text('Runners connect here by WebSocket.', 426, { upgrade: 'websocket' })
    }
    const model = modelIdSchema.safeParse(c.req.query('model'))
    const runner = /^run_[0-9a-z]{26}$/.test(c.req.query('runner') ?? '')
    if (!model.success || !runner) return c.text('A link needs ?runner=<runner id>&model=<model name>.', 400)
    return openLink(c.req.raw, model.data)
  })
}
