import { type Context, Hono } from 'hono'
import { readStack, writeStackV3 } from './get-method-stack.ts'
import { hashesOfBoc } from './message-hash.ts'
import { addressParam, type Params, submitBoc, ToncenterError } from './read-params.ts'
import type { SandboxChain } from './sandbox-chain.ts'
import { methodParam, toBase64, V2_METHODS } from './toncenter-v2.ts'
import {
  listV3Accounts,
  listV3Transactions,
  listV3TransactionsByMessage,
  readV3Masterchain,
} from './toncenter-v3.ts'

const BODY_MAX_BYTES = 256 * 1024

/** `/api/v2/*`: answers `{ok, result}`, or `{ok: false, error, code}` with the code as the status. */
export function toncenterV2Route(chain: SandboxChain): Hono {
  const route = new Hono()
  route.post('/jsonRPC', async (c) => {
    const { id = null, method, params } = await readBody(c)
    const envelope = { id, jsonrpc: '2.0' }
    try {
      const result = await callV2(chain, String(method), Object(params) as Params)
      return c.json({ ok: true, result, ...envelope })
    } catch (error) {
      const refusal = toRefusal(error)
      return c.json({ ok: false, error: refusal.message, code: refusal.code, ...envelope }, refusal.code)
    }
  })
  route.on(['GET', 'POST'], '/:method', async (c) => {
    const params = c.req.method === 'POST' ? await readBody(c) : c.req.query()
    return c.json({ ok: true, result: await callV2(chain, c.req.param('method'), params) })
  })
  route.all('*', () => {
    throw new ToncenterError(404, 'Not Found')
  })
  route.onError((error, c) => {
    const { message, code } = toRefusal(error)
    return c.json({ ok: false, error: message, code }, code)
  })
  return route
}

/** `/api/v3/*`: answers the thing itself, or `{error}`. */
export function toncenterV3Route(chain: SandboxChain): Hono {
  const route = new Hono()
  route.use(async (c, next) => {
    if (c.req.method === 'GET') await chain.readHead() // a planned failure to read strikes here
    return next()
  })
  route.get('/transactions', (c) => c.json(listV3Transactions(chain, c.req.queries())))
  route.get('/transactionsByMessage', (c) => c.json(listV3TransactionsByMessage(chain, c.req.queries())))
  route.get('/accountStates', async (c) => c.json(await listV3Accounts(chain, c.req.queries())))
  route.get('/masterchainInfo', async (c) => c.json(await readV3Masterchain(chain)))
  route.post('/message', async (c) => {
    const { boc } = await readBody(c)
    await submitBoc(chain, boc)
    const { hash, normalized } = hashesOfBoc(String(boc))
    return c.json({ message_hash: toBase64(hash), message_hash_norm: toBase64(normalized) })
  })
  route.post('/runGetMethod', async (c) => {
    const { address, method, stack } = await readBody(c)
    await chain.readHead()
    const raw = addressParam(address).toRawString()
    const answer = await chain.callGetMethod(raw, methodParam(method), readStack(stack))
    return c.json({
      gas_used: answer.gasUsed,
      exit_code: answer.exitCode,
      stack: writeStackV3(answer.stack),
    })
  })
  route.all('*', () => {
    throw new ToncenterError(404, 'Not Found')
  })
  route.onError((error, c) => {
    const { message, code } = toRefusal(error)
    return c.json({ error: message }, code)
  })
  return route
}

async function callV2(chain: SandboxChain, name: string, params: Params): Promise<unknown> {
  const method = Object.hasOwn(V2_METHODS, name) ? V2_METHODS[name] : undefined
  if (!method) throw new ToncenterError(404, 'Unknown method')
  if (!name.startsWith('send')) await chain.readHead() // a planned failure to read strikes here
  return method(chain, params)
}

async function readBody(c: Context): Promise<Params> {
  const text = await c.req.text()
  if (text.length > BODY_MAX_BYTES) throw new ToncenterError(422, 'the body is too large')
  try {
    return Object(JSON.parse(text)) as Params
  } catch {
    throw new ToncenterError(422, 'the body is not JSON')
  }
}

/** What goes wrong unexpectedly, a read that gets no answer included, is the node's silence to a caller. */
function toRefusal(error: unknown): ToncenterError {
  if (error instanceof ToncenterError) return error
  const message = error instanceof Error ? error.message : 'unknown'
  if (message === 'no answer') return new ToncenterError(504, 'LITE_SERVER_NETWORK: timeout')
  return new ToncenterError(500, message)
}
