/** A piece of evidence, and what it was wanted for. */
export type SealPlace = {
  readonly evidenceDigest: string
  /** Absent: the first model that the evidence names. */
  readonly manifestDigest?: string
  readonly model?: string
}

const DIGEST = /^[0-9a-f]{64}$/

/** The address of the page that shows a piece of evidence and checks it again. */
export function sealPath({ evidenceDigest, manifestDigest, model }: SealPlace): `/seal/${string}` {
  if (manifestDigest === undefined || model === undefined) return `/seal/${evidenceDigest}`
  return `/seal/${evidenceDigest}/${manifestDigest}/${encodeURIComponent(model)}`
}

/** Reads it back; undefined for an address that names no evidence. */
export function readSealPath(pathname: string): SealPlace | undefined {
  const [, , evidenceDigest = '', manifestDigest = '', model = ''] = pathname.split('/')
  if (!DIGEST.test(evidenceDigest)) return undefined
  const name = decode(model)
  return DIGEST.test(manifestDigest) && name !== ''
    ? { evidenceDigest, manifestDigest, model: name }
    : { evidenceDigest }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return '' // an address that somebody wrote by hand
  }
}
