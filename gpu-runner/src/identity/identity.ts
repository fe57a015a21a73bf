import { generateKeyPair } from 'node:crypto'
import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { runnerIdOf } from '../../../protocol/src/ids.ts'

/** The key that makes this machine this runner. */
export type Identity = {
  readonly runnerId: string
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string
  readonly privateKey: CryptoKey
}

const IDENTITY_FILE = 'identity.json'
const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700

const identitySchema = z.strictObject({
  version: z.literal(1),
  /** PKCS #8, base64url. */
  privateKey: z.string(),
  publicKey: z.string(),
})

export type IdentityResult =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly reason: 'too-open' | 'damaged'; readonly sentence: string }

/** Reads the identity of a data folder, or makes one in a file that only its owner can read. */
export async function openIdentity(dataDir: string): Promise<IdentityResult> {
  const file = path.join(dataDir, IDENTITY_FILE)
  const found = await stat(file).catch(() => undefined)
  if (!found) await createIdentity(dataDir, file)
  else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    const sentence = `${file} holds this runner's key and others on this machine can read it. Action: chmod 600 ${file}`
    return { ok: false, reason: 'too-open', sentence }
  }
  const parsed = identitySchema.safeParse(parseJson(await readFile(file, 'utf8')))
  const privateBytes = parsed.success ? fromBase64Url(parsed.data.privateKey) : undefined
  const publicBytes = parsed.success ? fromBase64Url(parsed.data.publicKey) : undefined
  if (!parsed.success || !privateBytes || publicBytes?.length !== 32) return damaged(file)
  try {
    const privateKey = await crypto.subtle.importKey('pkcs8', privateBytes, 'Ed25519', false, ['sign'])
    const runnerId = await runnerIdOf(publicBytes)
    return { ok: true, identity: { runnerId, publicKey: parsed.data.publicKey, privateKey } }
  } catch {
    // The bytes are no Ed25519 key.
    return damaged(file)
  }
}

async function createIdentity(dataDir: string, file: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY_FOLDER })
  const pair = await promisify(generateKeyPair)('ed25519')
  const publicKey = pair.publicKey.export({ format: 'jwk' }).x ?? ''
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
  // `wx`: of two runners that start at once in a new folder, the second fails instead of replacing the first's key.
  const handle = await open(file, 'wx', OWNER_ONLY)
  try {
    await handle.writeFile(`${JSON.stringify({ version: 1, privateKey, publicKey }, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(file, OWNER_ONLY)
}

function damaged(file: string): IdentityResult {
  const sentence = `${file} is damaged. Action: restore it from a backup, or move it away and pair this machine again.`
  return { ok: false, reason: 'damaged', sentence }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The schema refuses undefined.
    return undefined
  }
}
