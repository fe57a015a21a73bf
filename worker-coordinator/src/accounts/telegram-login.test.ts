import { sign } from '@telegram-apps/init-data-node/web'
import { expect, test } from 'vitest'
import { checkInitData, INIT_DATA_MAX_AGE_MS, INIT_DATA_MAX_AHEAD_MS } from './telegram-login.ts'

const TOKEN = '123456:TEST-TOKEN'
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const USER = { id: 4242, first_name: 'Layla', language_code: 'ar' }

const signed = (atMs = NOW_MS, data: object = { user: USER }, token = TOKEN) =>
  sign(data as Parameters<typeof sign>[0], token, new Date(atMs))
const check = (initData: string, nowMs = NOW_MS) => checkInitData(TOKEN, initData, nowMs)
const refused = (reason: string) => ({ ok: false, reason })

test('initData that Telegram signed for this bot says who it is', async () => {
  expect(await check(await signed())).toEqual({ ok: true, telegramId: 4242, languageCode: 'ar' })
})

test('an id above 32 bits, a name with an ampersand and an odd language are fine', async () => {
  const user = { id: 2 ** 40, first_name: 'a&b=c\n"ليلى"', language_code: 'x'.repeat(99) }
  expect(await check(await signed(NOW_MS, { user, start_param: 'ref_1' }))).toEqual({
    ok: true,
    telegramId: 2 ** 40,
    languageCode: undefined,
  })
})

test('initData is good for an hour, and its replay after that is refused as expired', async () => {
  const initData = await signed()
  expect(await check(initData, NOW_MS + INIT_DATA_MAX_AGE_MS)).toMatchObject({ ok: true })
  expect(await check(initData, NOW_MS + INIT_DATA_MAX_AGE_MS + 1)).toEqual(refused('expired'))
})

test('a clock that runs a minute ahead is forgiven, a date in the future is not', async () => {
  expect(await check(await signed(NOW_MS + INIT_DATA_MAX_AHEAD_MS))).toMatchObject({ ok: true })
  expect(await check(await signed(NOW_MS + INIT_DATA_MAX_AHEAD_MS + 1000))).toEqual(refused('not-yet-valid'))
})

test('initData signed for another bot is forged', async () => {
  expect(await check(await signed(NOW_MS, { user: USER }, '123456:OTHER-TOKEN'))).toEqual(refused('forged'))
})

test('initData with another user, date, added or missing field is forged', async () => {
  const initData = await signed(NOW_MS, { user: USER, query_id: 'q' })
  const changed = (change: (fields: URLSearchParams) => void) => {
    const fields = new URLSearchParams(initData)
    change(fields)
    return check(fields.toString())
  }
  expect(await changed((fields) => fields.set('user', JSON.stringify({ ...USER, id: 1 })))).toEqual(
    refused('forged'),
  )
  expect(await changed((fields) => fields.set('auth_date', String(NOW_MS / 1000 + 1)))).toEqual(
    refused('forged'),
  )
  expect(await changed((fields) => fields.set('is_admin', '1'))).toEqual(refused('forged'))
  expect(await changed((fields) => fields.delete('query_id'))).toEqual(refused('forged'))
  expect(await changed((fields) => fields.set('hash', '0'.repeat(64)))).toEqual(refused('forged'))
})

test('an expired forgery is called forged: its date is not to be believed', async () => {
  const initData = await signed(NOW_MS - 10 ** 9, { user: USER }, '123456:OTHER-TOKEN')
  expect(await check(initData)).toEqual(refused('forged'))
})

test('a field that comes twice is refused, so that no reader can pick another one', async () => {
  const initData = await signed()
  expect(await check(`${initData}&user=${encodeURIComponent('{"id":1}')}`)).toEqual(refused('malformed'))
  expect(await check(`${initData}&hash=00`)).toEqual(refused('malformed'))
})

test('initData without a user, a date or a hash is malformed', async () => {
  expect(await check(await signed(NOW_MS, { query_id: 'q' }))).toEqual(refused('malformed'))
  expect(await check(await signed(NOW_MS, { user: { first_name: 'x' } }))).toEqual(refused('malformed'))
  expect(await check(await signed(NOW_MS, { user: { ...USER, id: -5 } }))).toEqual(refused('malformed'))
  const withoutHash = new URLSearchParams(await signed())
  withoutHash.delete('hash')
  expect(await check(withoutHash.toString())).toEqual(refused('malformed'))
  const withoutDate = new URLSearchParams(await signed())
  withoutDate.delete('auth_date')
  expect(await check(withoutDate.toString())).toEqual(refused('malformed'))
})

test.for(['', 'x', 'hash=', '%', 'user={}', 'auth_date=NaN&hash=1', `a=${'x'.repeat(9000)}`])(
  'the text %j is malformed',
  async (text) => {
    expect(await check(text)).toEqual(refused('malformed'))
  },
)

test('without a bot token no one comes in', async () => {
  for (const token of [undefined, '']) {
    await expect(checkInitData(token, await signed(), NOW_MS)).rejects.toThrow('BOT_TOKEN')
  }
})
