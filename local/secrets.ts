import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const secretsSchema = z.object({
  sessionKey: z.string().min(32),
  webhookSecret: z.string().min(16),
  /** The local stand-in's bot. A real bot's token comes from BOT_TOKEN and is never written down. */
  localBotToken: z.string(),
  /** Shown once by the coordinator: kept so that the next start shows the same. */
  apiKey: z.string().optional(),
})
export type Secrets = z.infer<typeof secretsSchema>

/** Reads this machine's secrets, or makes them. The file is readable by its owner alone. */
export async function readSecrets(stateDir: string): Promise<Secrets> {
  const text = await readFile(fileOf(stateDir), 'utf8').catch(() => undefined) // none yet
  if (text !== undefined) return secretsSchema.parse(JSON.parse(text))
  const secrets: Secrets = {
    sessionKey: randomBytes(32).toString('base64url'),
    webhookSecret: randomBytes(24).toString('base64url'),
    localBotToken: `7000000001:${randomBytes(26).toString('base64url').slice(0, 35)}`,
  }
  await writeSecrets(stateDir, secrets)
  return secrets
}

export async function writeSecrets(stateDir: string, secrets: Secrets): Promise<void> {
  await writeFile(fileOf(stateDir), `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'secrets.json')
}
