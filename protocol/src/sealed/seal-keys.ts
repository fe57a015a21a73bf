import * as z from 'zod/mini'
import { fromCanonicalBase64Url } from '../bytes.ts'
import { SUITE_FACTS, SUITES, type Suite } from './suites.ts'

const KEY_CHARS_MAX = 1622 // an X-Wing key, base64url

/** A runner's public keys of one epoch, one for each suite that it opens. `id`: HPKE's number of the KEM; keys base64url. */
export const sealKeysSchema = z.strictObject({
  epoch: z.int().check(z.minimum(0)),
  keys: z
    .array(
      z.strictObject({
        id: z.union([z.literal(SUITE_FACTS.x25519.kemId), z.literal(SUITE_FACTS['x-wing'].kemId)]),
        publicKey: z.string().check(z.maxLength(KEY_CHARS_MAX), z.regex(/^[A-Za-z0-9_-]+$/)),
      }),
    )
    .check(z.minLength(1), z.maxLength(2)),
})
export type SealKeys = z.infer<typeof sealKeysSchema>

/** Whether each key has its suite's size, and no suite is there twice. */
export function areSealKeys({ keys }: SealKeys): boolean {
  const isSized = ({ id, publicKey }: SealKeys['keys'][number]) => {
    const suite = SUITES.find((name) => SUITE_FACTS[name].kemId === id)
    return suite !== undefined && fromCanonicalBase64Url(publicKey)?.length === SUITE_FACTS[suite].publicKey
  }
  return keys.every(isSized) && new Set(keys.map(({ id }) => id)).size === keys.length
}

/** The key of one suite; undefined where the runner has none. */
export function sealKeyOf({ keys }: SealKeys, suite: Suite): Uint8Array<ArrayBuffer> | undefined {
  const found = keys.find(({ id }) => id === SUITE_FACTS[suite].kemId)
  return found && fromCanonicalBase64Url(found.publicKey)
}
