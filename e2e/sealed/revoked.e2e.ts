import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { publishPolicy } from '../../local/sealed/publish-policy.ts'
import { importSimulatedTee } from '../../protocol/src/attestation/simulated/simulated-tee-file.ts'
import { listSealed, makeUnknownTee, startExtraRunner } from './extra-runner.ts'
import { readStream, setupSealed, startProxy, wordyRunner } from './setup-sealed.ts'

const MODEL = 'fake'
const GOOD = ['trusted', 'attested']
const BAD = ['unproven', 'pretended']
/** By when a runner that is revoked gets no sealed job any more. */
const SOON = { timeout: 60_000, interval: 500 }

const network = await setupSealed({ teePlans: [wordyRunner(GOOD, { tokens: 8 })] })
const { started, stateDir, client } = network
const { client: sealed } = await startProxy(network, { via: started.miniapp })

const question = (text: string) => ({
  model: MODEL,
  messages: [{ role: 'user' as const, content: text }],
})
const isSaidWith = (words: readonly string[], text: string) =>
  text.split(/\s+/).every((word) => word === '' || words.includes(word))

async function readTee() {
  const tee = await importSimulatedTee(await readFile(join(stateDir, 'simulated-tee.json'), 'utf8'))
  if (!tee) throw new Error('the network has no simulated TEE')
  return tee
}

test('a runner in a TEE that no policy knows is refused, gets no sealed job, and goes on with open ones', async () => {
  const plan = wordyRunner(BAD, { tokens: 8 })
  const unknown = ['--tee', 'simulated', '--simulated-tee', await makeUnknownTee(network)]
  const runner = await startExtraRunner(network, 'unknown-tee', { ...plan, args: [...plan.args, ...unknown] })
  const refused = await runner.next<{ reason: string }>(
    ({ event, kind }) => event === 'seal-refused' && kind === 'tee',
    30_000,
  )
  expect(refused.reason).toMatch(/root/)
  expect(await listSealed(network, MODEL, 'confidential')).toHaveLength(1)
  for (let asked = 0; asked < 4; asked++) {
    const { text } = await readStream(sealed, MODEL, `Who answers question ${asked}?`)
    expect(isSaidWith(GOOD, text)).toBe(true)
  }
  // Both serve open jobs: whoever is free.
  const open = await Promise.all(
    Array.from({ length: 8 }, (_, at) => client.chat.completions.create(question(`Open question ${at}?`))),
  )
  const answers = open.map(({ choices }) => choices[0]?.message.content ?? '')
  expect(answers.some((text) => isSaidWith(BAD, text))).toBe(true)
})

test('a runner that a newer policy revokes gets no sealed job from then on, and goes on with open ones', async () => {
  const [runner] = await listSealed(network, MODEL, 'confidential')
  await publishPolicy(started.miniapp, await readTee(), (policy) => ({
    ...policy,
    revoked: { ...policy.revoked, runners: [runner?.runner_id ?? ''] },
  }))
  await expect.poll(() => listSealed(network, MODEL, 'confidential'), SOON).toEqual([])
  await expect(sealed.chat.completions.create(question('Is anybody there?'))).rejects.toMatchObject({
    code: expect.stringMatching(/^(evidence_refused|no_runner)$/),
  })
  const open = await client.chat.completions.create(question('Is anybody there?'))
  expect(open.choices[0]?.message.content).toMatch(/\w/)
})

test('with a policy that takes it again it is back', async () => {
  await publishPolicy(started.miniapp, await readTee())
  await expect.poll(() => listSealed(network, MODEL, 'confidential'), SOON).toHaveLength(1)
  const { text } = await readStream(sealed, MODEL, 'And now?')
  expect(isSaidWith(GOOD, text)).toBe(true)
})

test('when the policy ends and none follows, nobody gets a sealed job, until there is one again', async () => {
  await publishPolicy(started.miniapp, await readTee(), (policy) => ({
    ...policy,
    expiresAtMs: Date.now() + 2_000,
  }))
  await expect.poll(() => listSealed(network, MODEL, 'confidential'), SOON).toEqual([])
  await expect(sealed.chat.completions.create(question('Still there?'))).rejects.toMatchObject({
    code: expect.stringMatching(/^(evidence_refused|no_runner)$/),
  })
  await publishPolicy(started.miniapp, await readTee())
  await expect.poll(() => listSealed(network, MODEL, 'confidential'), SOON).toHaveLength(1)
})
