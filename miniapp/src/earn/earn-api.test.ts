import { expect, test } from 'vitest'
import type { AskInit, Session } from '../session/session.ts'
import { createEarnApi } from './earn-api.ts'

function setupApi(answer: unknown) {
  const calls: { path: string; init: AskInit | undefined }[] = []
  const ask: Session['ask'] = async (path, parse, init) => {
    calls.push({ path, init })
    const value = parse(answer)
    return value === undefined ? { ok: false, reason: 'failed', sentence: undefined } : { ok: true, value }
  }
  return { api: createEarnApi({ ask }), calls }
}

test('a model with a slash in its name keeps its price to itself', async () => {
  const { api, calls } = setupApi(undefined)
  expect(await api.setAsk('run_1', 'Qwen/Qwen3-8B', { input: '1', output: '2' })).toMatchObject({ ok: true })
  expect(calls[0]).toMatchObject({
    path: '/v1/runners/run_1/asks/Qwen%2FQwen3-8B',
    init: { method: 'PUT', body: { input: '1', output: '2' } },
  })
})

test('the next page is asked for by its cursor', async () => {
  const { api, calls } = setupApi({ data: [], next_cursor: null })
  const { signal } = new AbortController()
  await api.jobs('run_1', undefined, signal)
  await api.jobs('run_1', 'a+b', signal)
  expect(calls.map(({ path }) => path)).toEqual([
    '/v1/fleet/run_1/jobs?limit=20',
    '/v1/fleet/run_1/jobs?limit=20&cursor=a%2Bb',
  ])
})

test('an answer that is no pairing is a failure, not half a pairing', async () => {
  const { api } = setupApi({ code: 'K7QM-29XF', command: 'x' })
  expect(await api.startPairing()).toMatchObject({ ok: false })
})

test('a fleet whose amounts are floats is not shown', async () => {
  const fleet = {
    data: [],
    today_nano: '1.5',
    days_7_nano: '0',
    days_30_nano: '0',
    days: [],
    matures_after_s: 1,
  }
  const { signal } = new AbortController()
  expect(await setupApi(fleet).api.fleet(signal)).toMatchObject({ ok: false })
  expect(await setupApi({ ...fleet, today_nano: '1' }).api.fleet(signal)).toMatchObject({ ok: true })
})
