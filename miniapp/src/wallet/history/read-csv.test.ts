import { expect, test } from 'vitest'
import type { Reply } from '../../session/session.ts'
import { readCsv } from './read-csv.ts'

const page = (text: string, next?: string): Reply<Response> => ({
  ok: true,
  value: new Response(text, next ? { headers: { 'x-next-cursor': next } } : {}),
})

function setup(pages: readonly Reply<Response>[]) {
  const asked: string[] = []
  const open = async (path: string) => {
    asked.push(path)
    return pages[asked.length - 1] ?? page('')
  }
  return { asked, open }
}

test('all pages become one table with one header', async () => {
  const { asked, open } = setup([page('at,id\r\n1,a\r\n', '9.b.x y'), page('at,id\r\n2,b\r\n')])
  expect(await readCsv({ open })).toEqual({ ok: true, value: 'at,id\r\n1,a\r\n2,b\r\n' })
  expect(asked).toEqual([
    '/v1/transfers?format=csv&limit=200',
    '/v1/transfers?format=csv&limit=200&cursor=9.b.x%20y',
  ])
})

test('half a table is no table: a page that does not come is said', async () => {
  const refusal = { ok: false, reason: 'unreachable', sentence: undefined } as const
  const { open } = setup([page('at,id\r\n1,a\r\n', 'next'), refusal])
  expect(await readCsv({ open })).toEqual(refusal)
})

test('a ledger without an end is not read for ever', async () => {
  let pages = 0
  const open = async () => page(`at\r\n${++pages}\r\n`, 'more')
  const read = await readCsv({ open })
  expect(pages).toBe(100)
  expect(read.ok && read.value.split('\r\n')).toHaveLength(102)
})
