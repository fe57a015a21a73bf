import { expect, test } from 'vitest'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import { type DirectoryRunner, readDirectory } from '../../../protocol/src/sealed/directory.ts'
import type { Model } from '../models/model-store.ts'
import { makeDirectoryKey } from './directory-key.ts'
import { createDirectoryReader, DIRECTORY_ENTRIES_MAX, type DirectoryDeps } from './read-directory.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const MODEL: Model = {
  id: 'test-model',
  kind: 'chat',
  manifestDigest: 'ab'.repeat(32),
  contextTokens: 1024,
  parameters: 1,
  dimensions: null,
  shards: 1,
  createdAt: 0,
}
const RUNNER: DirectoryRunner = {
  runner_id: 'cc'.repeat(32),
  kind: 'tee',
  epoch: 5,
  evidence_digest: 'dd'.repeat(32),
  until_ms: NOW_MS + 1000,
  features: ['tools'],
  context_tokens: 1024,
  tokens_per_second: 12,
  free_slots: 1,
  price: { input: 1, output: 2 },
}

function setup(overrides: Partial<DirectoryDeps> = {}) {
  const state = { nowMs: NOW_MS, runners: [RUNNER] as readonly DirectoryRunner[] }
  const asked: unknown[] = []
  const read = createDirectoryReader({
    network: 'sim-local',
    findModel: async (id) => (id === MODEL.id ? MODEL : undefined),
    listGroupIds: async (accountId) => [`group-of-${accountId}`],
    readSealedSupply: async (_, of) => {
      asked.push(of)
      return state.runners
    },
    policySeq: async () => 7,
    readSigner: () => makeDirectoryKey(SECRET),
    random: () => 0,
    nowMs: () => state.nowMs,
    ...overrides,
  })
  const open = async (tier: 'own' | 'confidential', accountId = 1) => {
    const reply = await read({ model: MODEL.id, tier, accountId })
    if (!reply.ok) throw new Error(reply.reason)
    const opened = await readDirectory(reply.value, state.nowMs)
    if (!opened.ok) throw new Error(opened.reason)
    return opened
  }
  return { state, asked, read, open }
}

test('a client can read the directory, and finds whose signature it is', async () => {
  const { directory, signer } = await setup().open('confidential')
  expect(directory).toEqual({
    version: 1,
    network: 'sim-local',
    model: MODEL.id,
    manifest_digest: MODEL.manifestDigest,
    tier: 'confidential',
    policy_seq: 7,
    issued_at_ms: NOW_MS,
    runners: [RUNNER],
  })
  expect(signer).toBe(toHex((await makeDirectoryKey(SECRET)).publicKey))
})
test('the key of directories follows from the secret alone', async () => {
  const [one, same, other] = await Promise.all([SECRET, SECRET, `${SECRET}!`].map(makeDirectoryKey))
  expect(one?.publicKey).toEqual(same?.publicKey)
  expect(one?.publicKey).not.toEqual(other?.publicKey)
  await expect(makeDirectoryKey('short')).rejects.toThrow('SESSION_KEY')
})
test('a measured speed is made whole: what is signed has no fractions', async () => {
  const { state, open } = setup()
  state.runners = [{ ...RUNNER, tokens_per_second: 12.4 }]
  expect((await open('own')).directory.runners).toEqual([RUNNER])
})
test('tier own asks for the caller’s groups, each time and for each caller anew', async () => {
  const { asked, open } = setup()
  await open('own', 1)
  await open('own', 1)
  await open('own', 2)
  const of = (accountId: number) => ({ tier: 'own', accountId, groupIds: [`group-of-${accountId}`] })
  expect(asked).toEqual([of(1), of(1), of(2)])
})
test('tier confidential is the same for everybody, and at most two seconds old', async () => {
  const { state, asked, open } = setup()
  const [one, other] = await Promise.all([open('confidential', 1), open('confidential', 2)])
  expect(one.digest).toBe(other.digest)
  state.runners = []
  state.nowMs += 1999
  expect((await open('confidential')).directory.runners).toEqual([RUNNER])
  expect(asked).toHaveLength(1)
  state.nowMs += 1
  expect((await open('confidential')).directory.runners).toEqual([])
})
test('a directory that could not be made is not remembered', async () => {
  let fails = true
  const { open } = setup({
    readSealedSupply: async () => {
      if (fails) throw new Error('object is down')
      return [RUNNER]
    },
  })
  await expect(open('confidential')).rejects.toThrow('object is down')
  fails = false
  expect((await open('confidential')).directory.runners).toEqual([RUNNER])
})
test('a model that is not there has none, and one of embeddings neither', async () => {
  const { read } = setup()
  const wish = { tier: 'own', accountId: 1 } as const
  expect(await read({ ...wish, model: 'other' })).toEqual({ ok: false, reason: 'unknown-model' })
  const embeddings = setup({ findModel: async () => ({ ...MODEL, kind: 'embedding' }) })
  expect(await embeddings.read({ ...wish, model: MODEL.id })).toEqual({
    ok: false,
    reason: 'wrong-model-kind',
  })
})
test('a directory that would be too long begins at a random runner, and can still be read', async () => {
  const many = Array.from({ length: DIRECTORY_ENTRIES_MAX + 10 }, (_, at) => ({
    ...RUNNER,
    runner_id: at.toString(16).padStart(64, '0'),
    features: ['tools', 'response_format', 'penalties'],
    tokens_per_second: 1_000_000,
    price: { input: 1_000_000_000_000, output: 1_000_000_000_000 },
  }))
  const { state, open } = setup({ random: (max) => max - 5 })
  state.runners = many
  const { runners } = (await open('confidential')).directory
  expect(runners).toHaveLength(DIRECTORY_ENTRIES_MAX)
  expect(runners[0]).toEqual(many[many.length - 5])
  expect(runners[5]).toEqual(many[0])
})
