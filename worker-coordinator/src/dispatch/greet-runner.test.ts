import { expect, test } from 'vitest'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { type Hello, helloSigningText } from '../../../protocol/src/runner/up.ts'
import type { Model } from '../models/model-store.ts'
import { type GreetDeps, greetRunner } from './greet-runner.ts'

const model: Model = {
  id: 'm',
  kind: 'chat',
  manifestDigest: 'a'.repeat(64),
  contextTokens: 1024,
  parameters: 1,
  dimensions: null,
  shards: 1,
  createdAt: 0,
}
const link = { nonce: 'nonce', runnerId: 'run_1', model: 'm' }

const KNOWN = { accountId: 7, ledgerId: 1, audience: 'everyone', groupId: null } as const

async function setupHello(change: Partial<Hello> = {}, deps: Partial<GreetDeps> = {}) {
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = toBase64Url(
    new Uint8Array((await crypto.subtle.exportKey('raw', keys.publicKey)) as ArrayBuffer),
  )
  const named = { runnerId: 'run_1', model: 'm', manifestDigest: model.manifestDigest }
  const text = new TextEncoder().encode(helloSigningText(link.nonce, { ...named, ...change }))
  const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', keys.privateKey, text)))
  const hello: Hello = {
    type: 'hello',
    protocol: 1,
    ...named,
    signature,
    software: 'test',
    kind: 'chat',
    contextTokens: 1024,
    parameters: 1,
    features: [],
    engine: 'fake',
    device: 'cpu',
    slots: 1,
    freeSlots: 1,
    tokensPerSecond: 0,
    ask: { input: 1, output: 1 },
    jobs: [],
    ...change,
  }
  return greetRunner(
    {
      findRunner: async () => ({ ...KNOWN, publicKey, state: 'active' }),
      findModel: async () => model,
      addModel: async () => {
        throw new Error('give a fake for addModel')
      },
      ...deps,
    },
    hello,
    link,
  )
}

test('a runner with its own key and the right files is welcome', async () => {
  expect(await setupHello()).toMatchObject({ ok: true, runner: { ledgerId: 1 } })
})
test('a model that nobody brought before enters an open catalog, and not a closed one', async () => {
  const findModel = async () => undefined
  expect(await setupHello({}, { findModel, addModel: async () => model })).toMatchObject({ ok: true })
  expect(await setupHello({}, { findModel, addModel: async () => undefined })).toMatchObject({
    refused: { reason: 'unknown-model', retry: false },
  })
})
test.each<[string, Partial<Hello>, Partial<GreetDeps>, string, boolean]>([
  ['an old protocol', { protocol: 0 }, {}, 'protocol-too-old', false],
  [
    'a signature for another link',
    { signature: toBase64Url(new Uint8Array(64)) },
    {},
    'bad-signature',
    false,
  ],
  ['rubbish for a signature', { signature: '!' }, {}, 'bad-signature', false],
  ["another runner's name", { runnerId: 'run_2' }, {}, 'bad-frame', false],
  ['another model than the link', { model: 'other' }, {}, 'bad-frame', false],
  ['nobody paired', {}, { findRunner: async () => undefined }, 'unknown-runner', false],
  ['other files under the name', { manifestDigest: 'b'.repeat(64) }, {}, 'wrong-model-files', false],
  ['another kind under the name', { kind: 'embedding' }, {}, 'wrong-model-files', false],
])('a hello with %s is refused with a sentence', async (_, change, deps, reason, retry) => {
  const greeted = await setupHello(change, deps)
  expect(greeted).toMatchObject({ ok: false, refused: { reason, retry } })
  expect(greeted.ok ? '' : greeted.refused.sentence).toMatch(/^[A-Z].+\.$/)
})
test('a paused runner may come again, a removed one is unknown', async () => {
  const runner = { ...KNOWN, publicKey: '' }
  for (const [state, reason, retry] of [
    ['paused', 'bad-signature', false],
    ['removed', 'unknown-runner', false],
  ] as const) {
    const findRunner = async () => ({ ...runner, state })
    expect(await setupHello({}, { findRunner })).toMatchObject({ refused: { reason, retry } })
  }
})
