import { expect, test } from 'vitest'
import { openLocalServer } from '../../test/local-server.ts'
import { askUpstream, upstreamBase } from './upstream-http.ts'

const never = new AbortController().signal

test('the address may end in /v1 or not', () => {
  expect(upstreamBase('http://h:8000/v1/')).toBe('http://h:8000')
  expect(upstreamBase('http://h:8000/')).toBe('http://h:8000')
  expect(upstreamBase('http://h:8000/api/v1')).toBe('http://h:8000/api')
})

test('a server that never begins is given up', async () => {
  const { url } = await openLocalServer(() => undefined)
  const answer = askUpstream({ baseUrl: url, firstByteMs: 50 }, '/x', {}, never)
  await expect(answer).rejects.toThrow(/Headers Timeout/)
})

test('a server that falls silent in the middle is given up, and what it said stands', async () => {
  const { url } = await openLocalServer((_, response) => void response.write('said'))
  const answer = await askUpstream({ baseUrl: url, idleMs: 50 }, '/x', {}, never)
  if (!answer.ok) throw new Error('it answered 200')
  expect((await answer.chunks.next()).value).toEqual(Buffer.from('said'))
  await expect(answer.chunks.next()).rejects.toThrow(/Body Timeout/)
})

test('who stops reading hangs up', async () => {
  const closed = Promise.withResolvers<void>()
  const { url } = await openLocalServer((_, response) => {
    response.on('close', closed.resolve)
    response.write('said')
  })
  const answer = await askUpstream({ baseUrl: url }, '/x', {}, never)
  if (!answer.ok) throw new Error('it answered 200')
  await answer.chunks.next()
  await answer.chunks.return()
  await closed.promise
})
