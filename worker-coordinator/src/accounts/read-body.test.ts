import { expect, test } from 'vitest'
import { z } from 'zod'
import { BODY_MAX_BYTES, readBody } from './read-body.ts'

const schema = z.strictObject({ name: z.string().max(100_000), nested: z.object({ n: z.int() }).optional() })
const post = (body: BodyInit) =>
  new Request('http://local/', { method: 'POST', body, ...({ duplex: 'half' } as object) })
const read = (body: BodyInit) => readBody(post(body), schema)

test('a body is read and parsed', async () => {
  expect(await read('{"name":"ليلى"}')).toEqual({ ok: true, data: { name: 'ليلى' } })
})

test('a body of 64 KiB is read, one byte more is not', async () => {
  const fits = JSON.stringify({ name: 'x'.repeat(BODY_MAX_BYTES - 11) })
  expect(fits).toHaveLength(BODY_MAX_BYTES)
  expect(await read(fits)).toMatchObject({ ok: true })
  expect(await read(`${fits} `)).toMatchObject({ ok: false, reason: 'body-too-large' })
})

test('a body without a length is given up as soon as it is too large', async () => {
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 8192
      controller.enqueue(new Uint8Array(8192).fill(32))
    },
  })
  expect(await read(endless)).toMatchObject({ ok: false, reason: 'body-too-large' })
  expect(sent).toBeLessThan(BODY_MAX_BYTES * 2)
})

test.for(['{', 'name=x', '{"name":"x"}}', 'undefined'])('the body %j is not JSON', async (body) => {
  expect(await read(body)).toMatchObject({ ok: false, reason: 'body-not-json' })
})

test('no body reads as an empty object', async () => {
  expect(await readBody(new Request('http://local/'), z.strictObject({}))).toEqual({ ok: true, data: {} })
})

test('the wrong field is named, also a nested one and one that no one asked for', async () => {
  const paramOf = async (body: unknown) => {
    const result = await read(JSON.stringify(body))
    return result.ok ? 'none' : result.detail.param
  }
  expect(await paramOf({})).toBe('name')
  expect(await paramOf({ name: 'x', nested: { n: 1.5 } })).toBe('nested.n')
  expect(await paramOf({ name: 'x', limit: 1 })).toBe('limit')
  expect(await paramOf([])).toBeUndefined()
})
