import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { AnyReceipt } from '../../protocol/src/answer.ts'
import {
  FIXTURE_JOB,
  makeFixtureKey,
  makeFixtureProof,
  makeOpenReceipt,
  makeSealedReceipt,
} from '../../protocol/src/receipts/receipt-fixture.ts'
import { receiptsComment } from '../../protocol/src/receipts/receipts-comment.ts'
import { EXIT } from './exit-codes.ts'
import type { Flags } from './run-cli.ts'
import { verifyCommand } from './verify-command.ts'

type Paths = Readonly<Record<string, { readonly status?: number; readonly json: unknown }>>

/** Something that answers each path with one JSON, and 404 with every other. */
async function serve(paths: Paths): Promise<string> {
  const server = createServer((request, response) => {
    const found = paths[request.url ?? '']
    response.writeHead(found ? (found.status ?? 200) : 404).end(JSON.stringify(found?.json ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function setupVerify() {
  const dir = await mkdtemp(join(tmpdir(), 'sharnaqa-verify-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lines: string[] = []
  const events: { steps: { step: string; verdict: string; reason?: string }[] }[] = []
  const problems: string[] = []
  const run = (args: readonly string[], flags: Flags = {}) =>
    verifyCommand({
      args,
      flags: { state: dir, ...flags },
      env: {},
      output: {
        isJson: flags.json === true,
        line: (text) => void lines.push(text),
        event: (event) => void events.push(event as never),
        problem: (sentence) => void problems.push(sentence),
      },
    })
  const keep = async (value: unknown) => {
    const path = join(dir, 'receipt.json')
    await writeFile(path, JSON.stringify(value))
    return path
  }
  const verdicts = (at = 0) =>
    Object.fromEntries(
      (events[at]?.steps ?? []).map(({ step, verdict, reason }) => [step, reason ?? verdict]),
    )
  return { run, keep, lines, events, problems, verdicts }
}

function jobOf(receipts: readonly AnyReceipt[], keys: Record<string, string>, charge = '250') {
  return {
    id: FIXTURE_JOB,
    charge_nano: charge,
    completion_tokens: 50,
    price: { input: '1000000', output: '3000000' },
    receipts,
    runner_keys: keys,
  }
}

async function setupNetwork(
  changed: { readonly charge?: string; readonly receipt?: Partial<AnyReceipt> } = {},
) {
  const [runner, coordinator] = await Promise.all([makeFixtureKey(), makeFixtureKey()])
  const signed = await makeOpenReceipt(runner)
  const receipt = { ...signed, ...changed.receipt } as AnyReceipt
  const proof = await makeFixtureProof(coordinator, signed)
  const hash = 'cd'.repeat(32)
  const api = await serve({
    [`/v1/jobs/${FIXTURE_JOB}`]: {
      json: jobOf([receipt], { [signed.runnerId]: runner.base64Url }, changed.charge),
    },
    [`/v1/jobs/${FIXTURE_JOB}/proof`]: { json: { ...proof, transaction_id: `77:${hash}` } },
    '/v1/sealed/signer': { json: { signer: coordinator.hex } },
  })
  const note = Buffer.from(`\0\0\0\0${receiptsComment(proof.document)}`).toString('base64')
  const transaction = {
    hash: Buffer.from(hash, 'hex').toString('base64'),
    lt: '77',
    in_msg: { message_content: { body: note } },
    out_msgs: [],
  }
  const chain = `${await serve({ [`/api/v3/transactions?hash=${hash}`]: { json: { transactions: [transaction] } } })}/api/v3`
  return { api, chain, receipt }
}

test('a job is checked to the chain, step by step, and passes', async () => {
  const { run, verdicts, lines } = await setupVerify()
  const { api, chain } = await setupNetwork()
  expect(await run([FIXTURE_JOB], { api, key: 'sk-1', chain, json: true })).toBe(EXIT.ok)
  expect(verdicts()).toEqual({
    shape: 'passed',
    runner: 'passed',
    signature: 'passed',
    evidence: 'not-sealed',
    hashes: 'passed',
    charge: 'passed',
    inclusion: 'passed',
    day: 'passed',
    chain: 'passed',
  })
  expect(await run([FIXTURE_JOB], { api, key: 'sk-1', chain })).toBe(EXIT.ok)
  expect(lines).toContain('  ✓ the chain carries that root')
  expect(lines).toContain('  – the evidence: not checked, an open job keeps none')
})

test.each([
  ['a receipt that was changed', { receipt: { completionTokens: 51 } }, 'signature', 'bad-signature'],
  ['a charge beyond the receipts', { charge: '251' }, 'charge', 'overcharged'],
] as const)('%s fails, and the exit code says so', async (_, changed, step, reason) => {
  const { run, verdicts, lines } = await setupVerify()
  const { api } = await setupNetwork(changed)
  expect(await run([FIXTURE_JOB], { api, key: 'sk-1', json: true })).toBe(EXIT.failed)
  expect(verdicts()).toMatchObject({ [step]: reason })
  expect(await run([FIXTURE_JOB], { api, key: 'sk-1' })).toBe(EXIT.failed)
  expect(lines.some((line) => line.startsWith('  ✗ '))).toBe(true)
})

test('a file without any network is checked as far as it goes, and nothing is made up', async () => {
  const { run, keep, verdicts } = await setupVerify()
  const receipt = await makeOpenReceipt(await makeFixtureKey())
  expect(await run([await keep(receipt)], { json: true })).toBe(EXIT.ok)
  expect(verdicts()).toMatchObject({ shape: 'passed', runner: 'not-given', signature: 'not-reached' })
})

test('a job in a file brings its runners’ keys along, and they are believed by their ids alone', async () => {
  const { run, keep, verdicts, lines } = await setupVerify()
  const [runner, other] = await Promise.all([makeFixtureKey(), makeFixtureKey()])
  const receipt = await makeOpenReceipt(runner)
  const path = await keep(jobOf([receipt], { [receipt.runnerId]: runner.base64Url }))
  expect(await run([path], { json: true })).toBe(EXIT.ok)
  expect(verdicts()).toMatchObject({ runner: 'passed', signature: 'passed', charge: 'not-given' })
  await keep(jobOf([receipt], { [receipt.runnerId]: other.base64Url }))
  expect(await run([path], { json: true })).toBe(EXIT.failed)
  expect(verdicts(1)).toMatchObject({ runner: 'wrong-runner', signature: 'not-reached' })
  await keep(receipt)
  await run([path])
  expect(lines.at(-1)).toMatch(/^– Its signature was not checked/)
})

test('what is no receipt fails; what is no JSON is a wrong command line', async () => {
  const { run, keep } = await setupVerify()
  expect(await run([await keep({ version: 9 })])).toBe(EXIT.failed)
  expect(await run(['/nowhere/receipt.json'])).toBe(EXIT.usage)
  expect(await run([])).toBe(EXIT.usage)
})

test('evidence that the network does not keep any more is not held against anybody', async () => {
  const { run, keep, verdicts, lines } = await setupVerify()
  const receipt = await makeSealedReceipt(await makeFixtureKey(), {
    kind: 'tee',
    evidenceDigest: 'ab'.repeat(32),
  })
  const path = await keep(receipt)
  const api = await serve({})
  expect(await run([path], { api, json: true })).toBe(EXIT.ok)
  expect(verdicts()).toMatchObject({ evidence: 'not-given', runner: 'not-given' })
  await run([path], { api })
  expect(lines.some((line) => line.includes('the network does not give it'))).toBe(true)
})

test('a job of somebody else, and a network that is not there, are told apart', async () => {
  const { run } = await setupVerify()
  expect(await run([FIXTURE_JOB], { api: await serve({}), key: 'sk-1' })).toBe(EXIT.refused)
  expect(await run([FIXTURE_JOB], { api: 'http://127.0.0.1:9', key: 'sk-1' })).toBe(EXIT.unreachable)
  expect(await run([FIXTURE_JOB])).toBe(EXIT.usage)
})
