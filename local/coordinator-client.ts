import { sign } from '@telegram-apps/init-data-node/web'
import { z } from 'zod'

/** The person whose machine this is, in the local network's ledger. */
export const LOCAL_PERSON = { id: 1001, first_name: 'You', language_code: 'en' }

const sessionSchema = z.object({ token: z.string() })
const keySchema = z.object({ key: z.string() })
const codeSchema = z.object({ code: z.string() })
const networkSchema = z.object({
  models: z.array(z.object({ id: z.string(), kind: z.string(), runners: z.number() })),
})

export type LocalCoordinator = Awaited<ReturnType<typeof logIn>>

/** Logs the local person in as the Mini App does: with initData that the bot's token signed. */
export async function logIn(api: string, botToken: string) {
  const initData = await sign({ user: LOCAL_PERSON }, botToken, new Date())
  const { token } = sessionSchema.parse(await call(`${api}/v1/session`, { init_data: initData }))
  const headers = { authorization: `Bearer ${token}` }
  return {
    token,
    createApiKey: async (name: string) =>
      keySchema.parse(await call(`${api}/v1/keys`, { name }, headers)).key,
    createPairingCode: async () => codeSchema.parse(await call(`${api}/v1/pairing-codes`, {}, headers)).code,
  }
}

/** True when the key still opens this coordinator. */
export async function isKeyGood(api: string, apiKey: string): Promise<boolean> {
  const reply = await fetch(`${api}/v1/balance`, { headers: { authorization: `Bearer ${apiKey}` } })
  return reply.ok
}

/** Models that a runner serves right now; those to chat with come first. */
export async function listServedModels(api: string): Promise<readonly { id: string; kind: string }[]> {
  const reply = await fetch(`${api}/v1/network`)
  const { models } = networkSchema.parse(await reply.json())
  const served = models.filter(({ runners }) => runners > 0)
  return served.toSorted((a, b) => Number(b.kind === 'chat') - Number(a.kind === 'chat'))
}

async function call(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!reply.ok)
    throw new Error(
      `The coordinator answered ${reply.status} to ${new URL(url).pathname}: ${await reply.text()}`,
    )
  return reply.json()
}
