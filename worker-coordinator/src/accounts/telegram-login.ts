import { isSignatureInvalidError, validate } from '@telegram-apps/init-data-node/web'
import { z } from 'zod'
import { INIT_DATA_MAX_CHARS } from '../../../protocol/src/accounts/session.ts'

/** How old initData may be. */
export const INIT_DATA_MAX_AGE_MS = 3_600_000
/** How far Telegram's clock may run ahead of ours. */
export const INIT_DATA_MAX_AHEAD_MS = 60_000

export type TelegramLogin =
  | { readonly ok: true; readonly telegramId: number; readonly languageCode: string | undefined }
  | { readonly ok: false; readonly reason: 'forged' | 'expired' | 'not-yet-valid' | 'malformed' }

const userSchema = z.object({
  id: z.int().positive(),
  language_code: z
    .string()
    .regex(/^[A-Za-z-]{2,35}$/)
    .optional()
    .catch(undefined),
})

/**
 * Checks a Mini App's raw initData (core.telegram.org/bots/webapps, "Validating data received"): the signature first,
 * then the age, then who it is. Throws without a bot token: such a coordinator lets no one in.
 */
export async function checkInitData(
  botToken: string | undefined,
  initData: string,
  nowMs: number,
): Promise<TelegramLogin> {
  if (!botToken) throw new Error('BOT_TOKEN is not set. Action: wrangler secret put BOT_TOKEN')
  if (initData.length > INIT_DATA_MAX_CHARS) return { ok: false, reason: 'malformed' }
  const fields = new URLSearchParams(initData)
  const names = [...fields.keys()]
  const authDate = fields.get('auth_date') ?? ''
  if (new Set(names).size !== names.length || !/^[1-9][0-9]{0,10}$/.test(authDate)) {
    return { ok: false, reason: 'malformed' }
  }
  try {
    // 0: no age check, since that one reads the clock by itself.
    await validate(fields, botToken, { expiresIn: 0 })
  } catch (error) {
    return { ok: false, reason: isSignatureInvalidError(error) ? 'forged' : 'malformed' }
  }
  const ageMs = nowMs - Number(authDate) * 1000
  if (ageMs > INIT_DATA_MAX_AGE_MS) return { ok: false, reason: 'expired' }
  if (ageMs < -INIT_DATA_MAX_AHEAD_MS) return { ok: false, reason: 'not-yet-valid' }
  const user = userSchema.safeParse(parseJson(fields.get('user') ?? ''))
  if (!user.success) return { ok: false, reason: 'malformed' }
  return { ok: true, telegramId: user.data.id, languageCode: user.data.language_code }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // The schema refuses it.
  }
}
