import { readUtf8 } from '../../../protocol/src/bytes.ts'
import { checkPairedKeys, signPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import type { Identity } from '../identity/identity.ts'
import { type Announcer, epochWindow, type SealedModel } from './announcer.ts'

/** Signs each epoch's keys with the runner's identity, for all its models. */
export function createPairedAnnouncer(identity: Identity, models: readonly SealedModel[]): Announcer {
  const { runnerId, publicKey, privateKey } = identity
  return {
    kind: 'paired',
    runnerId,
    signingKey: privateKey,
    announce: async (kem) => {
      const window = epochWindow(kem.epoch)
      const bytes = await signPairedKeys(privateKey, {
        version: 1,
        runnerId,
        signingKey: publicKey,
        kem,
        ...window,
        models: [...models],
      })
      // Checked as everybody else will check it, which gives the digest besides.
      const checked = await checkPairedKeys(bytes, window.notBeforeMs)
      if (!checked.ok) return checked
      return { ok: true, document: readUtf8(bytes) ?? '', digest: checked.digest }
    },
  }
}
