import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from '../accounts/account-id.ts'
import { deleteAccount, findOrCreateAccount } from '../accounts/account-store.ts'
import { findTelegramId } from './notice-store.ts'

const db = drizzle(env.DB)

test('an account is told in Telegram until it is deleted; an unknown one is nobody', async () => {
  const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))
  const login = { telegramId: 7101, nowMs: 1, welcome: nano(0n), newId }
  const { id } = await findOrCreateAccount(db, login)
  expect(await findTelegramId(db, id)).toBe(7101)
  await deleteAccount(db, id, 2)
  expect(await findTelegramId(db, id)).toBeUndefined()
  expect(await findTelegramId(db, 2 ** 40)).toBeUndefined()
})
