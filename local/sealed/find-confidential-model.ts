import { setTimeout as wait } from 'node:timers/promises'
import { readDirectory } from '../../protocol/src/sealed/directory.ts'

/** How long the first keys of a runner in the simulated TEE may take, ms. */
const KEYS_MS = 20_000
const LOOK_MS = 200

/** Waits until a runner takes sealed jobs of the confidential tier. Gives its model; undefined where none does in time. */
export async function findConfidentialModel(
  api: string,
  apiKey: string,
  models: readonly string[],
): Promise<string | undefined> {
  const untilMs = Date.now() + KEYS_MS
  while (Date.now() < untilMs) {
    for (const model of models) if (await isServed(api, apiKey, model)) return model
    await wait(LOOK_MS)
  }
  return undefined
}

async function isServed(api: string, apiKey: string, model: string): Promise<boolean> {
  const query = new URLSearchParams({ model, tier: 'confidential' })
  const reply = await fetch(`${api}/v1/sealed/directory?${query}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  if (!reply.ok) return false
  const read = await readDirectory(new Uint8Array(await reply.arrayBuffer()), Date.now())
  return read.ok && read.directory.runners.length > 0
}
