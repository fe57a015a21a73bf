import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { addPolicy, findNewestPolicy, type NewPolicy, readPolicySeq } from './policy-store.ts'
import {
  DOCUMENTS_PER_RUNNER_MAX,
  deleteSealDocuments,
  keepSealDocument,
  listKeptKeys,
  type NewSealDocument,
  readSealDocuments,
  settleSealDocuments,
} from './seal-document-store.ts'
import type { SealedKey } from './sealed-key.ts'

const ledger = createLedgerFixture(env.DB)
const { db } = ledger
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const HOUR_MS = 3_600_000
const MODELS = [
  { id: 'a', manifestDigest: 'aa'.repeat(32) },
  { id: 'b', manifestDigest: 'bb'.repeat(32) },
]

beforeEach(() => env.DB.exec('DELETE FROM seal_documents'))

async function setup() {
  const { runnerId } = await ledger.setupRunner(await ledger.setupUser())
  const document = (
    name: string,
    key: Partial<SealedKey> = {},
    rest: Partial<NewSealDocument> = {},
  ): NewSealDocument => ({
    runnerId,
    key: {
      runnerId: 'cc'.repeat(32),
      kind: 'tee',
      epoch: 5,
      evidenceDigest: name.padStart(64, '0'),
      signingKey: 'A'.repeat(43),
      untilMs: NOW_MS + HOUR_MS,
      policySeq: 3,
      isSimulated: true,
      ...key,
    },
    models: MODELS,
    document: `{"document":"${name}"}`,
    nowMs: NOW_MS,
    ...rest,
  })
  const keep = (...args: Parameters<typeof document>) => keepSealDocument(db, document(...args))
  const list = (model = 'a', nowMs = NOW_MS) => listKeptKeys(db, { runnerIds: [runnerId], model, nowMs })
  const read = async (name: string) => {
    const digest = name.padStart(64, '0')
    return (await readSealDocuments(db, [digest])).get(digest)
  }
  return { runnerId, document, keep, list, read }
}

test('a document is kept as it came, and its key is found for each of its models until it ends', async () => {
  const { runnerId, document, keep, list, read } = await setup()
  expect(await keep('1')).toBe(true)
  expect(await read('1')).toBe('{"document":"1"}')
  expect(await list('a')).toEqual([
    { pairedRunnerId: runnerId, manifestDigest: MODELS[0]?.manifestDigest, key: document('1').key },
  ])
  expect(await list('b')).toMatchObject([{ manifestDigest: MODELS[1]?.manifestDigest }])
  expect(await list('c')).toEqual([])
  expect(await list('a', NOW_MS + HOUR_MS)).toEqual([])
})
test('keys come back the newest last, and nobody else’s', async () => {
  const { keep, list } = await setup()
  const other = await setup()
  await keep('2', {}, { nowMs: NOW_MS + 1 })
  await keep('1')
  await other.keep('3')
  expect((await list()).map(({ key }) => key.evidenceDigest)).toEqual(
    ['1', '2'].map((name) => name.padStart(64, '0')),
  )
})
test('the same evidence with newer collateral takes the place of the older one, and never the other way', async () => {
  const { keep, list, read } = await setup()
  await keep('1')
  await keep('1', { untilMs: NOW_MS + 2 * HOUR_MS }, { document: '{"newer":1}' })
  expect(await read('1')).toBe('{"newer":1}')
  await keep('1', {}, { document: '{"older":1}' })
  expect(await read('1')).toBe('{"newer":1}')
  await keep('1', { untilMs: NOW_MS + 2 * HOUR_MS }, { document: '{"same end":1}' })
  expect(await read('1')).toBe('{"same end":1}')
  await keep('1', { policySeq: 4 }, { document: '{"newer policy":1}' })
  expect(await list()).toMatchObject([{ key: { policySeq: 4, untilMs: NOW_MS + HOUR_MS } }])
  expect(await read('1')).toBe('{"newer policy":1}')
})
test('nobody can put a document in the place of another runner’s', async () => {
  const { keep, read } = await setup()
  const other = await setup()
  await keep('1')
  expect(await other.keep('1', { policySeq: 9 }, { document: '{}' })).toBe(false)
  expect(await other.list()).toEqual([])
  const move = env.DB.prepare('UPDATE seal_documents SET runner_id = ?').bind(other.runnerId)
  await expect(move.run()).rejects.toThrow('seal-document-fixed')
  expect(await read('1')).toBe('{"document":"1"}')
})
test('a runner can have so many documents in force and no more; those that ended do not count', async () => {
  const { keep } = await setup()
  for (let at = 0; at < DOCUMENTS_PER_RUNNER_MAX; at++) expect(await keep(String(at))).toBe(true)
  expect(await keep('x')).toBe(false)
  expect(await keep('0', { untilMs: NOW_MS + 2 * HOUR_MS })).toBe(true)
  expect(await keep('x', {}, { nowMs: NOW_MS + HOUR_MS })).toBe(true)
})
test('what judging again said is written, unless a newer policy judged since', async () => {
  const { keep, list } = await setup()
  for (const name of ['1', '2', '3']) await keep(name)
  const said = (name: string, untilMs: number, policySeq: number) => ({
    evidenceDigest: name.padStart(64, '0'),
    untilMs,
    policySeq,
  })
  await settleSealDocuments(db, [said('1', NOW_MS, 4), said('2', NOW_MS + 1000, 4), said('3', NOW_MS, 2)])
  expect((await list()).map(({ key }) => [key.untilMs, key.policySeq])).toEqual([
    [NOW_MS + 1000, 4],
    [NOW_MS + HOUR_MS, 3],
  ])
})
test('documents that ended long ago are deleted, at most so many at a time', async () => {
  const { keep, read } = await setup()
  for (const [at, name] of ['1', '2', '3'].entries()) await keep(name, { untilMs: NOW_MS + at })
  await deleteSealDocuments(db, { beforeMs: NOW_MS + 2, limit: 1 })
  expect(await Promise.all(['1', '2', '3'].map(read))).toEqual([
    undefined,
    '{"document":"2"}',
    '{"document":"3"}',
  ])
  await deleteSealDocuments(db, { beforeMs: NOW_MS + 2, limit: 10 })
  expect(await Promise.all(['1', '2', '3'].map(read))).toEqual([undefined, undefined, '{"document":"3"}'])
})
test('the table refuses what is no document', async () => {
  const { keep } = await setup()
  await expect(keep('1', { policySeq: 0 })).rejects.toThrow()
  await expect(keep('1', { kind: 'paired' })).rejects.toThrow()
  await expect(keep('1', { signingKey: 'A' })).rejects.toThrow()
  await expect(keep('1', {}, { document: '' })).rejects.toThrow()
  await expect(keep('1', {}, { runnerId: 'run_unknown' })).rejects.toThrow()
})
test('a key costs four written rows an epoch, and none when it is shown again', async () => {
  const { document } = await setup()
  const written: number[] = []
  const counted = createLedgerFixture(
    new Proxy(env.DB, {
      get: (target, name) =>
        name === 'batch'
          ? async (statements: D1PreparedStatement[]) => {
              const results = await target.batch(statements)
              written.push(results.reduce((sum, { meta }) => sum + meta.rows_written, 0))
              return results
            }
          : Reflect.get(target, name).bind(target),
    }),
  )
  await keepSealDocument(counted.db, document('1'))
  await keepSealDocument(counted.db, document('1'))
  expect(written).toEqual([4, 0])
})
test('keys are found and counted by index alone', async () => {
  const plan = async (query: string) => {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`).all<{ detail: string }>()
    return results.map(({ detail }) => detail).join('; ')
  }
  expect(
    await plan(
      "select * from seal_documents where runner_id in (select value from json_each('[]')) and ends_at > 1",
    ),
  ).toContain('USING INDEX seal_documents_runner (runner_id=? AND ends_at>?)')
  expect(await plan('select evidence_digest from seal_documents where ends_at < 1 limit 5')).toContain(
    'USING INDEX seal_documents_ends',
  )
})

function policy(seq: number, change: Partial<NewPolicy> = {}): NewPolicy {
  return {
    seq,
    digest: String(seq % 10).repeat(64),
    issuedAt: NOW_MS,
    expiresAt: NOW_MS + HOUR_MS,
    addedAt: NOW_MS,
    document: `{"policy":${seq}}`,
    ...change,
  }
}

test('the newest policy is the one with the highest number, and comes back byte for byte', async () => {
  expect(await readPolicySeq(db)).toBe(0)
  expect(await findNewestPolicy(db)).toBeUndefined()
  expect(await addPolicy(db, policy(1))).toBe(true)
  expect(await addPolicy(db, policy(7, { document: '{"é":7}' }))).toBe(true)
  expect(await readPolicySeq(db)).toBe(7)
  const newest = await findNewestPolicy(db)
  expect(newest).toMatchObject({ seq: 7, digest: '7'.repeat(64) })
  expect(new TextDecoder().decode(newest?.document)).toBe('{"é":7}')
  // This and every lower number is taken.
  expect(await addPolicy(db, policy(7, { document: '{"other":7}' }))).toBe(false)
  expect(await addPolicy(db, policy(6))).toBe(false)
  expect((await findNewestPolicy(db))?.digest).toBe('7'.repeat(64))
})
test('a policy is never changed, removed or put before another', async () => {
  await addPolicy(db, policy(20))
  const run = (statement: string) => env.DB.prepare(statement).run()
  await expect(run("UPDATE policies SET document = 'x' WHERE seq = 20")).rejects.toThrow('policy-fixed')
  await expect(run('DELETE FROM policies')).rejects.toThrow('policy-fixed')
  await expect(run(`INSERT INTO policies VALUES (19, '${'a'.repeat(64)}', 1, 2, 3, 'x')`)).rejects.toThrow(
    'policy-order',
  )
})
