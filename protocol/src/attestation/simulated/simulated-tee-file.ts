import * as z from 'zod/mini'
import { type Bytes, fromCanonicalBase64Url, toCanonicalBase64Url } from '../../bytes.ts'
import { sha256Of } from '../signatures.ts'
import type { SimulatedTee } from '../simulated-evidence.ts'
import { exportSigningKey, importSigningKey, type SigningKey } from './signing-keys.ts'
import type { SimulatedGpus } from './simulated-gpu.ts'
import type { Identity, SimulatedPki } from './simulated-pki.ts'
import type { SimulatedSnp } from './simulated-snp.ts'

/** Largest file that is read, in UTF-16 units. */
const FILE_CHARS_MAX = 1_000_000

const base64Url = z.string().check(z.maxLength(16_384), z.regex(/^[A-Za-z0-9_-]*$/))
const chainSchema = z.array(base64Url).check(z.minLength(1), z.maxLength(8))
const keySchema = z.strictObject({
  kind: z.enum(['ecdsa-sha256', 'ecdsa-sha384', 'rsa-pss-sha384']),
  /** PKCS #8. */
  privateKey: base64Url,
  spki: base64Url,
  point: base64Url,
})
const identitySchema = z.strictObject({
  name: z.string(),
  serial: z.int(),
  key: keySchema,
  certificate: base64Url,
})
type CarriedKey = z.infer<typeof keySchema>
type CarriedIdentity = z.infer<typeof identitySchema>

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Says to whoever opens the file what it is. */
  notice: z.string(),
  pki: z.strictObject({
    root: identitySchema,
    authority: identitySchema,
    pck: identitySchema,
    tcbSigner: identitySchema,
  }),
  gpus: z
    .array(z.strictObject({ key: keySchema, chain: chainSchema }))
    .check(z.minLength(1), z.maxLength(16)),
  snp: z.strictObject({ ark: keySchema, chipKey: keySchema, chain: chainSchema }),
})

const NOTICE =
  'SIMULATED: the keys of a TEE made of software. Whoever has this file makes evidence. It proves nothing.'

/** Writes a simulated TEE as JSON text, its private keys included, so that several processes can be in the same one. */
export async function exportSimulatedTee({ pki, gpus, snp }: SimulatedTee): Promise<string> {
  const writeIdentity = async ({ name, serial, key, certificate }: Identity) => ({
    name,
    serial,
    key: await writeKey(key),
    certificate: toCanonicalBase64Url(certificate),
  })
  const file = {
    version: 1,
    notice: NOTICE,
    pki: {
      root: await writeIdentity(pki.root),
      authority: await writeIdentity(pki.authority),
      pck: await writeIdentity(pki.pck),
      tcbSigner: await writeIdentity(pki.tcbSigner),
    },
    gpus: await Promise.all(
      gpus.gpus.map(async (gpu) => ({ key: await writeKey(gpu.key), chain: writeChain(gpu.chain) })),
    ),
    snp: {
      ark: await writeKey(snp.ark),
      chipKey: await writeKey(snp.chipKey),
      chain: writeChain(snp.chain),
    },
  } satisfies z.infer<typeof fileSchema>
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Reads a simulated TEE; undefined where the text is none. */
export async function importSimulatedTee(text: string): Promise<SimulatedTee | undefined> {
  if (text.length > FILE_CHARS_MAX) return undefined
  try {
    const { pki, gpus, snp } = fileSchema.parse(JSON.parse(text))
    return { pki: await readPki(pki), gpus: await readGpus(gpus), snp: await readSnp(snp) }
  } catch {
    return undefined // no JSON, another shape, or a key that is none
  }
}

async function readPki(carried: z.infer<typeof fileSchema>['pki']): Promise<SimulatedPki> {
  const root = await readIdentity(carried.root)
  return {
    root,
    authority: await readIdentity(carried.authority),
    pck: await readIdentity(carried.pck),
    tcbSigner: await readIdentity(carried.tcbSigner),
    rootDigest: await sha256Of(root.certificate),
  }
}

async function readGpus(carried: z.infer<typeof fileSchema>['gpus']): Promise<SimulatedGpus> {
  const gpus = await Promise.all(
    carried.map(async ({ key, chain }) => ({ key: await readKey(key), chain: readChain(chain) })),
  )
  return { gpus, rootDigest: await sha256Of(gpus[0]?.chain.at(-1) ?? new Uint8Array()) }
}

async function readSnp(carried: z.infer<typeof fileSchema>['snp']): Promise<SimulatedSnp> {
  const chain = readChain(carried.chain)
  const [, signer, root] = chain
  if (!signer || !root) throw new RangeError('a chip, its signer and their root')
  return {
    ark: await readKey(carried.ark),
    chipKey: await readKey(carried.chipKey),
    chain,
    roots: { ark: await sha256Of(root), ask: await sha256Of(signer) },
  }
}

async function readIdentity({ name, serial, key, certificate }: CarriedIdentity): Promise<Identity> {
  return { name, serial, key: await readKey(key), certificate: readBytes(certificate) }
}

async function writeKey(key: SigningKey): Promise<CarriedKey> {
  return {
    kind: key.kind,
    privateKey: toCanonicalBase64Url(await exportSigningKey(key)),
    spki: toCanonicalBase64Url(key.spki),
    point: toCanonicalBase64Url(key.point),
  }
}

function readKey({ kind, privateKey, spki, point }: CarriedKey): Promise<SigningKey> {
  return importSigningKey(kind, readBytes(privateKey), { spki: readBytes(spki), point: readBytes(point) })
}

function writeChain(chain: readonly Bytes[]): string[] {
  return chain.map((certificate) => toCanonicalBase64Url(certificate))
}

function readChain(chain: readonly string[]): readonly Bytes[] {
  return chain.map(readBytes)
}

function readBytes(text: string): Bytes {
  const bytes = fromCanonicalBase64Url(text)
  if (!bytes) throw new RangeError('bytes are base64url')
  return bytes
}
