import { type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import { FRAME_MAX_CHARS } from '../../../protocol/src/runner/version.ts'

/** Reads what a runner sent; undefined for what is no frame, or too large a one. */
export function parseFrame(message: string | ArrayBuffer): UpFrame | undefined {
  if (typeof message !== 'string' || message.length > FRAME_MAX_CHARS) return undefined
  try {
    return upFrameSchema.safeParse(JSON.parse(message)).data
  } catch {
    return undefined // no JSON
  }
}
