import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseSignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { makePolicy } from '../../../protocol/src/attestation/verification-fixture.ts'
import { EXIT } from '../exit-codes.ts'
import type { Flags } from '../run-cli.ts'
import { policyCommand } from './policy-command.ts'

const DAY_MS = 86_400_000

async function setupPolicy() {
  const dir = await mkdtemp(join(tmpdir(), 'sharnaqa-policy-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lines: string[] = []
  const events: Record<string, unknown>[] = []
  const problems: string[] = []
  const run = (args: readonly string[], flags: Flags = {}) =>
    policyCommand({
      args,
      flags,
      env: {},
      output: {
        isJson: flags.json === true,
        line: (text) => void lines.push(text),
        event: (event) => void events.push(event),
        problem: (sentence) => void problems.push(sentence),
      },
    })
  const at = (name: string) => join(dir, name)
  const draft = at('policy.json')
  const issuedAtMs = Date.now() - 60_000
  const policy = await makePolicy({ policy: { issuedAtMs, expiresAtMs: issuedAtMs + DAY_MS } })
  await writeFile(draft, JSON.stringify(policy, null, 2))
  const keys: string[] = []
  for (const name of ['a.key', 'b.key', 'c.key']) {
    await run(['keygen'], { out: at(name), json: true })
    keys.push(String(events.pop()?.public_key))
  }
  const pins = at('pins.json')
  await writeFile(pins, JSON.stringify({ network: policy.network, signers: keys, threshold: 2, minSeq: 1 }))
  return { run, at, draft, pins, keys, policy, lines, events, problems }
}

/** A network that takes one policy. */
async function setupTaker(status = 201) {
  const taken: { url: string | undefined; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    taken.push({ url: request.url, body })
    response.writeHead(status).end(JSON.stringify({ error: { code: 'policy_rolled_back', param: null } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, taken }
}

test('two of three signers sign the same bytes, and the policy is accepted and published', async () => {
  const { run, at, draft, pins, keys, policy, events } = await setupPolicy()
  const signed = at('policy.signed.json')
  expect(await run(['sign', draft], { signer: at('a.key'), pins, json: true })).toBe(EXIT.ok)
  expect(events.at(-1)).toMatchObject({ event: 'policy-signed', pinned: 1, missing: 1 })
  const first = parseSignedPolicy(Uint8Array.from(await readFile(signed)))
  expect(await run(['sign', signed], { signer: at('b.key'), pins, json: true })).toBe(EXIT.ok)
  const both = parseSignedPolicy(Uint8Array.from(await readFile(signed)))
  expect(both?.bytes).toEqual(first?.bytes)
  expect(both?.signatures.map(({ signer }) => signer)).toEqual(keys.slice(0, 2))
  expect(both?.policy).toEqual(policy)
  expect(await run(['show', signed], { pins, json: true })).toBe(EXIT.ok)
  const { api, taken } = await setupTaker()
  expect(await run(['publish', signed], { pins, api })).toBe(EXIT.ok)
  expect(taken).toEqual([{ url: '/v1/policy', body: await readFile(signed, 'utf8') }])
})

test('one signature is not enough: nothing is published, and showing it fails', async () => {
  const { run, at, draft, pins, problems } = await setupPolicy()
  const signed = at('policy.signed.json')
  await run(['sign', draft], { signer: at('a.key'), pins })
  // The same signer twice counts once.
  await run(['sign', signed], { signer: at('a.key'), pins })
  const { api, taken } = await setupTaker()
  expect(await run(['publish', signed], { pins, api })).toBe(EXIT.failed)
  expect(problems.at(-1)).toContain('policy-signatures')
  expect(taken).toEqual([])
  expect(await run(['show', signed], { pins })).toBe(EXIT.failed)
})

test('a policy that the network refuses is told by its reason', async () => {
  const { run, at, draft, pins, problems } = await setupPolicy()
  const signed = at('policy.signed.json')
  await run(['sign', draft], { signer: at('a.key'), pins })
  await run(['sign', signed], { signer: at('b.key'), pins })
  const { api } = await setupTaker(409)
  expect(await run(['publish', signed], { pins, api })).toBe(EXIT.refused)
  expect(problems.at(-1)).toContain('policy-rolled-back')
})

test('a key is for its owner alone, and no key is ever written over', async () => {
  const { run, at } = await setupPolicy()
  expect((await stat(at('a.key'))).mode & 0o777).toBe(0o600)
  const before = await readFile(at('a.key'), 'utf8')
  expect(await run(['keygen'], { out: at('a.key') })).toBe(EXIT.usage)
  expect(await readFile(at('a.key'), 'utf8')).toBe(before)
})

test('a policy is said in plain words, the simulated TEE first of all', async () => {
  const { run, draft, lines, policy } = await setupPolicy()
  expect(await run(['show', draft])).toBe(EXIT.ok)
  const text = lines.join('\n')
  expect(text).toContain('SIMULATED')
  expect(text).toContain(`number      ${policy.seq}`)
  expect(text).toContain('revoked     nobody')
  expect(text).toContain('not signed yet')
})

test.each([
  ['no file', []],
  ['a file that is not there', ['/nowhere/policy.json']],
])('sign without a policy is a wrong command line: %s', async (_, args) => {
  const { run, at } = await setupPolicy()
  expect(await run(['sign', ...args], { signer: at('a.key') })).toBe(EXIT.usage)
})

test('what is no policy, or has a member twice, is not signed', async () => {
  const { run, at, draft, policy } = await setupPolicy()
  const text = JSON.stringify(policy)
  for (const wrong of ['{}', text.replace('{', '{"seq":9,'), text.replace('"seq":1', '"seq":"1"')]) {
    await writeFile(draft, wrong)
    expect(await run(['sign', draft], { signer: at('a.key') })).toBe(EXIT.usage)
  }
})
