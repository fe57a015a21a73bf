import type { Flags } from '../run-cli.ts'

export type SealedTier = 'confidential' | 'own'

export type ProxyOptions = {
  readonly port: number
  readonly tier: SealedTier
  /** SHA-256 of the manifests that are insisted on, by the model's name. */
  readonly manifests: ReadonlyMap<string, string>
}
export type ReadProxyOptions =
  | { readonly ok: true; readonly options: ProxyOptions }
  | { readonly ok: false; readonly sentence: string }

const PORT = 8788
/** `run_` and Crockford's base32, as `runnerIdOf` writes it. */
const RUNNER_ID = /^run_[0-9a-hjkmnp-tv-z]{26}$/
const PORT_MAX = 65_535

/** Reads the proxy's own flags. */
export function readProxyOptions(flags: Flags): ReadProxyOptions {
  const port = Number(flags.port ?? PORT)
  if (!/^\d{1,5}$/.test(flags.port ?? String(PORT)) || port > PORT_MAX)
    return refuse(`--port is a number from 0 to ${PORT_MAX}.`)
  const tier = flags.tier ?? 'confidential'
  if (tier !== 'confidential' && tier !== 'own')
    return refuse('--tier is confidential or own: only these are sealed.')
  const confirmed = flags.confirm ?? []
  const wrong = confirmed.find((id) => !RUNNER_ID.test(id))
  if (wrong !== undefined) return refuse('--confirm is the id of a runner, run_ and 26 characters.')
  if (tier === 'own' && confirmed.length === 0)
    return refuse('--tier own needs a runner that you know is yours. Action: add --confirm run_…')
  const manifests = new Map<string, string>()
  for (const one of flags.manifest ?? []) {
    const [, model, digest] = /^(.{1,96})=([0-9a-f]{64})$/.exec(one) ?? []
    if (model === undefined || digest === undefined)
      return refuse('--manifest is a model, =, and the SHA-256 of its manifest, 64 hex digits.')
    manifests.set(model, digest)
  }
  return { ok: true, options: { port, tier, manifests } }
}

function refuse(sentence: string): ReadProxyOptions {
  return { ok: false, sentence }
}
