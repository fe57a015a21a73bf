import { expect, test } from 'vitest'
import { randomBelow } from '../../../protocol/src/sealed-client/random-below.ts'
import type { Flags } from '../run-cli.ts'
import { readProxyOptions } from './proxy-options.ts'
import { requestLine } from './request-line.ts'
import { startScreen, startWarning } from './start-screen.ts'

const RUNNER = `run_${'0'.repeat(26)}`

test('without flags the proxy seals for the tier confidential, on port 8788', () => {
  expect(readProxyOptions({})).toEqual({
    ok: true,
    options: { port: 8788, tier: 'confidential', manifests: new Map() },
  })
})

test.each<[string, Flags]>([
  ['a port that is none', { port: '70000' }],
  ['a port with letters', { port: '1e3' }],
  ['the open tier: it is not sealed', { tier: 'open' }],
  ['tier own without a runner that is known', { tier: 'own' }],
  ['a runner’s name that is none', { tier: 'own', confirm: ['run_1'] }],
  ['a manifest without a digest', { manifest: ['model'] }],
])('%s is refused', (_, flags) => {
  expect(readProxyOptions(flags)).toMatchObject({ ok: false })
})

test('files of models are insisted on by name', () => {
  const digest = 'ab'.repeat(32)
  const read = readProxyOptions({ tier: 'own', confirm: [RUNNER], manifest: [`a=b=${digest}`] })
  expect(read.ok && [...read.options.manifests]).toEqual([['a=b', digest]])
})

const pins = { network: 'sim-local', signers: ['ab'.repeat(32)], threshold: 1, minSeq: 1 }

test('the start screen says first of all when what is shown proves nothing', () => {
  const facts = {
    url: 'http://127.0.0.1:8788/v1',
    origin: 'https://silk.example',
    tier: 'confidential' as const,
    manifests: 0,
  }
  const confirmed = new Set<string>()
  const simulated = startScreen({ ...facts, trust: { pins, simulation: 'allowed', confirmed } })
  expect(simulated.split('\n')[0]).toContain('SIMULATED')
  const real = startScreen({ ...facts, trust: { pins, simulation: 'refused', confirmed } })
  expect(real).not.toContain('SIMULATED')
  expect(real).toContain(facts.url)
})

test('pins without a signer are warned of before the first chat fails', () => {
  const trust = {
    pins: { ...pins, signers: [] },
    simulation: 'refused',
    confirmed: new Set<string>(),
  } as const
  expect(startWarning({ tier: 'confidential', trust })).toContain('no signer')
  expect(startWarning({ tier: 'own', trust })).toBeUndefined()
})

test('a line of the log cannot move the cursor, whatever the network or a caller call themselves', () => {
  const line = requestLine(
    {
      jobId: 'job_1',
      model: 'evil\u001b[2J\nmodel',
      runnerId: RUNNER,
      promptTokens: 1,
      completionTokens: 2,
      costNano: '3',
      tookMs: 1234,
      outcome: 'stop',
      fault: undefined,
    },
    new Date(0),
  )
  expect(line).toMatch(/^[\x20-\x7e]+$/)
  expect(line).toContain('1+2 tokens  3 nano  1.2 s  stop')
})

test('every number below a bound is as likely as any other', () => {
  const times = [0, 0, 0]
  for (let at = 0; at < 3000; at++) times[randomBelow(3)] = (times[randomBelow(3)] ?? 0) + 1
  expect(times.every((count) => count > 800)).toBe(true)
})
