import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Flags } from '../run-cli.ts'
import { openTrust } from './open-trust.ts'
import { openSeenPolicies } from './seen-policy.ts'

const ORIGIN = 'https://silk.example'
const SEEN = { seq: 7, digest: 'ab'.repeat(32) }

async function setupTrust() {
  const state = await mkdtemp(join(tmpdir(), 'sharnaqa-trust-'))
  onTestFinished(() => rm(state, { recursive: true }))
  const pins = join(state, 'pins.json')
  const write = (value: unknown) => writeFile(pins, JSON.stringify(value))
  await write({ network: 'silk', signers: ['cd'.repeat(32)], threshold: 1, minSeq: 3 })
  const problems: string[] = []
  const open = async (flags: Flags = {}, origin = ORIGIN) =>
    openTrust(
      {
        flags: { state, pins, ...flags },
        output: {
          isJson: false,
          line: () => undefined,
          event: () => undefined,
          problem: (sentence) => void problems.push(sentence),
        },
      },
      origin,
    )
  const openOk = async (...args: Parameters<typeof open>) => {
    const opened = await open(...args)
    if (!opened.ok) throw new Error(opened.sentence)
    return opened.trust
  }
  return { state, write, open, openOk, problems }
}

test('the newest policy is remembered from one start to the next, for this user alone', async () => {
  const { state, openOk } = await setupTrust()
  const trust = await openOk()
  expect(trust.pins.seen).toBeUndefined()
  trust.notePolicy?.(SEEN)
  expect((await openOk()).pins.seen).toEqual(SEEN)
  expect((await stat(join(state, 'seen-policy.json'))).mode & 0o777).toBe(0o600)
  // The address does not matter: whoever has the signers' keys speaks for the network.
  expect((await openOk({}, 'https://other.example')).pins.seen).toEqual(SEEN)
})

test('an older policy never takes the place of a newer one', async () => {
  const { state, openOk } = await setupTrust()
  const trust = await openOk()
  trust.notePolicy?.(SEEN)
  trust.notePolicy?.({ seq: 6, digest: 'ef'.repeat(32) })
  expect((await openOk()).pins.seen).toEqual(SEEN)
  expect(JSON.parse(await readFile(join(state, 'seen-policy.json'), 'utf8'))).toBeTypeOf('object')
})

test('simulated networks of different addresses do not disturb each other', async () => {
  const { write, openOk } = await setupTrust()
  await write({ network: 'sim-local', signers: ['cd'.repeat(32)], threshold: 1, minSeq: 1 })
  ;(await openOk()).notePolicy?.(SEEN)
  expect((await openOk({}, 'http://127.0.0.1:1')).pins.seen).toBeUndefined()
})

test('a damaged memory is not taken for an empty one', async () => {
  const { state, open } = await setupTrust()
  await writeFile(join(state, 'seen-policy.json'), '{"silk')
  expect(await open()).toMatchObject({ ok: false, sentence: expect.stringContaining('damaged') })
  expect(openSeenPolicies(state).find('silk')).toBe('damaged')
})

test('the simulated TEE is refused unless the person says otherwise', async () => {
  const { openOk } = await setupTrust()
  expect((await openOk()).simulation).toBe('refused')
  expect((await openOk({ 'allow-simulated': true })).simulation).toBe('allowed')
})

test('pins that are none are refused, and without a file those of the program count', async () => {
  const { write, open, openOk } = await setupTrust()
  for (const wrong of [{}, { network: 'silk', signers: ['cd'], threshold: 1, minSeq: 1 }, 'silk']) {
    await write(wrong)
    expect(await open()).toMatchObject({ ok: false })
  }
  expect(await open({ pins: '/nowhere/pins.json' })).toMatchObject({ ok: false })
  const { pins } = await openOk({ pins: undefined } as unknown as Flags)
  expect(pins.signers).toEqual([])
})
