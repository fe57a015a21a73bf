import { Hono } from 'hono'

type Env = { Bindings: { UPSTREAM: string } }

/** The least that a gateway on this runtime does: it sends the request on and gives the answer's bytes back. */
export const app = new Hono<Env>().post('/v1/chat/completions', async (c) => {
  const answer = await fetch(`${c.env.UPSTREAM}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await c.req.text(),
  })
  return new Response(answer.body, {
    status: answer.status,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
  })
})
