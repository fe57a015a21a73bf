import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const secretsSchema = z.object({
  sessionKey: z.string().min(32),
  webhookSecret: z.string().min(16),
  /** The local stand-in's bot. A real bot's token comes from BOT_TOKEN and is never written down. */
  localBotToken: z.string(),
  /** Seed of the hot wallet on the local TON: 32 bytes in hex. */
  tonSeed: z.string().length(64),
  /** Shown once by the coordinator: kept so that the next start shows the same. */
  apiKey: z.string().optional(),
})
export type Secrets = z.infer<typeof secretsSchema>

/** Reads this machine's secrets, or makes what is missing. The file is readable by its owner alone. */
export async function readSecrets(stateDir: string): Promise<Secrets> {
  const text = await readFile(fileOf(stateDir), 'utf8').catch(() => '{}') // none yet
  const kept = secretsSchema.partial().parse(JSON.parse(text))
  const secrets: Secrets = {
    sessionKey: kept.sessionKey ?? randomBytes(32).toString('base64url'),
    webhookSecret: kept.webhookSecret ?? randomBytes(24).toString('base64url'),
    localBotToken: kept.localBotToken ?? `7000000001:${randomBytes(26).toString('base64url').slice(0, 35)}`,
    tonSeed: kept.tonSeed ?? randomBytes(32).toString('hex'),
    ...(kept.apiKey === undefined ? {} : { apiKey: kept.apiKey }),
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
