import { expect, test } from 'vitest'
import { readBodyText } from './read-body.ts'

function post(body: string | Uint8Array<ArrayBuffer>): Request {
  return new Request('http://x/', { method: 'POST', body })
}

/** A body without a length that counts how much of it was asked for. */
function endless(chunkBytes: number): { request: Request; pulled: () => number } {
  let pulls = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++
      controller.enqueue(new Uint8Array(chunkBytes).fill(32))
    },
  })
  // Node wants `duplex` for a streamed body; the types of workerd do not know it.
  const init = { method: 'POST', body, duplex: 'half' }
  return { request: new Request('http://x/', init), pulled: () => pulls }
}

test('a body of exactly the bound is read', async () => {
  expect(await readBodyText(post('é'.repeat(8)), 16)).toEqual({ ok: true, text: 'é'.repeat(8) })
})

test('a body one byte over the bound is refused', async () => {
  expect(await readBodyText(post('é'.repeat(8)), 15)).toEqual({ ok: false, reason: 'body-too-large' })
})

test('a body over its bound is read to its end, so that the reply arrives, but an endless one is left', async () => {
  const { request, pulled } = endless(1024 * 1024)
  expect(await readBodyText(request, 1_000)).toEqual({ ok: false, reason: 'body-too-large' })
  expect(pulled()).toBeGreaterThan(10)
  expect(pulled()).toBeLessThan(20)
})

test('a body that says it is far too long is refused unread', async () => {
  const request = new Request('http://x/', {
    method: 'POST',
    body: 'short',
    headers: { 'content-length': '999999999' },
  })
  expect(await readBodyText(request, 10)).toEqual({ ok: false, reason: 'body-too-large' })
})

test('bytes that are no UTF-8 are no JSON', async () => {
  expect(await readBodyText(post(new Uint8Array([0x22, 0xff, 0x22])), 10)).toEqual({
    ok: false,
    reason: 'invalid-json',
  })
  expect(await readBodyText(post(new Uint8Array([0x22, 0xc3])), 10)).toEqual({
    ok: false,
    reason: 'invalid-json',
  })
})

test('no body is an empty text', async () => {
  expect(await readBodyText(new Request('http://x/', { method: 'POST' }), 10)).toEqual({ ok: true, text: '' })
})
