import type { Bytes } from '../../../protocol/src/bytes.ts'
import {
  type Directory,
  type DirectoryRunner,
  signDirectory,
} from '../../../protocol/src/sealed/directory.ts'
import { putBounded } from '../accounts/bounded-map.ts'
import type { Model } from '../models/model-store.ts'
import { keptFor } from '../platform/kept-for.ts'
import type { DirectorySigner } from './directory-key.ts'

/** How many entries a directory has at most: about 1.6 MB, where clients read 2 MB. */
export const DIRECTORY_ENTRIES_MAX = 5_000
/** How old a directory of tier `confidential` may be, ms: it is the same for everybody. */
const CONFIDENTIAL_CACHE_MS = 2_000
/** Models whose directories are remembered. */
const REMEMBERED_MAX = 200

export type SealedTier = 'own' | 'confidential'
export type DirectoryRefusal = 'unknown-model' | 'wrong-model-kind'
export type DirectoryWish = {
  readonly model: string
  readonly tier: SealedTier
  readonly accountId: number
}
export type DirectoryReply =
  | { readonly ok: true; readonly value: Bytes }
  | { readonly ok: false; readonly reason: DirectoryRefusal }

/** What all of a model's objects have for sealed requests of a caller. */
export type ReadSealedSupply = (
  model: Model,
  of: {
    readonly tier: SealedTier
    readonly accountId: number
    /** The caller's, with tier `own`; else none. */
    readonly groupIds: readonly string[]
  },
) => Promise<readonly DirectoryRunner[]>

export type DirectoryDeps = {
  readonly network: string
  readonly findModel: (id: string) => Promise<Model | undefined>
  readonly listGroupIds: (accountId: number) => Promise<readonly string[]>
  readonly readSealedSupply: ReadSealedSupply
  readonly policySeq: (nowMs: number) => Promise<number>
  readonly readSigner: () => Promise<DirectorySigner>
  /** A whole number from 0 to below `max`. */
  readonly random: (max: number) => number
  readonly nowMs: () => number
}

/** Makes directories: every runner that takes sealed requests of a model in a tier now, signed. */
export function createDirectoryReader(deps: DirectoryDeps): (wish: DirectoryWish) => Promise<DirectoryReply> {
  const shared = new Map<string, () => Promise<Bytes>>()
  const readShared = (model: Model, wish: DirectoryWish): Promise<Bytes> => {
    const name = `${model.id} ${model.manifestDigest}`
    const ask = () => makeDirectory(deps, model, wish)
    const read = shared.get(name) ?? keptFor(CONFIDENTIAL_CACHE_MS, { ask, nowMs: deps.nowMs })
    putBounded(shared, name, read, REMEMBERED_MAX)
    return read()
  }
  return async (wish) => {
    const model = await deps.findModel(wish.model)
    if (!model) return { ok: false, reason: 'unknown-model' }
    if (model.kind !== 'chat') return { ok: false, reason: 'wrong-model-kind' }
    const read = wish.tier === 'own' ? makeDirectory(deps, model, wish) : readShared(model, wish)
    return { ok: true, value: await read }
  }
}

async function makeDirectory(
  deps: DirectoryDeps,
  model: Model,
  { tier, accountId }: DirectoryWish,
): Promise<Bytes> {
  const nowMs = deps.nowMs()
  const groupIds = tier === 'own' ? await deps.listGroupIds(accountId) : []
  const [supply, policySeq, signer] = await Promise.all([
    deps.readSealedSupply(model, { tier, accountId, groupIds }),
    deps.policySeq(nowMs),
    deps.readSigner(),
  ])
  const directory: Directory = {
    version: 1,
    network: deps.network,
    model: model.id,
    manifest_digest: model.manifestDigest,
    tier,
    policy_seq: policySeq,
    issued_at_ms: nowMs,
    runners: [...drawEntries(supply, deps.random)],
  }
  return signDirectory(directory, signer)
}

/** All of them where they fit; else as many in a row from a random place on, so that nobody is always left out. */
function drawEntries(
  supply: readonly DirectoryRunner[],
  random: (max: number) => number,
): readonly DirectoryRunner[] {
  if (supply.length <= DIRECTORY_ENTRIES_MAX) return supply
  const from = random(supply.length)
  return [...supply.slice(from), ...supply.slice(0, from)].slice(0, DIRECTORY_ENTRIES_MAX)
}
