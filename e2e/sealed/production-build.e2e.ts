import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { buildMiniapp, miniappFolder } from '../../local/build.ts'
import { LOCAL_DEFINES, localPolicySigner } from '../../local/sealed/local-policy.ts'
import { localPolicy } from '../../local/sealed/publish-policy.ts'
import { signPolicy } from '../../protocol/src/attestation/policy/sign-policy.ts'
import { makeSimulatedTee } from '../../protocol/src/attestation/simulated-evidence.ts'
import { openMiniapp } from '../miniapp/open-miniapp.ts'
import { openChromium } from '../open-chromium.ts'
import { fakeRunner, setupNetwork } from '../setup-network.ts'
import { listSealed, makeUnknownTee, startExtraRunner } from './extra-runner.ts'

const network = await setupNetwork({
  build: 'production',
  telegram: 'local',
  plans: [fakeRunner()],
})
const { started, stateDir } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

const scripts = async (folder: string) => {
  const names = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'))
  return Promise.all(names.map((name) => readFile(join(folder, 'assets', name), 'utf8')))
}
/** What a build says where it may believe the simulated TEE. */
const SIMULATED_SIGNER = Buffer.from((await localPolicySigner()).publicKey).toString('hex')

test('what is deployed knows no signer of simulated policies; a local build does', async () => {
  await buildMiniapp('local')
  const worker = await readFile(join(stateDir, 'bundle/index.js'), 'utf8')
  const page = (await scripts(miniappFolder('production'))).join('\n')
  const localPage = (await scripts(miniappFolder('local'))).join('\n')
  const isIn = [worker, page, localPage].map((code) => code.includes(SIMULATED_SIGNER))
  expect(isIn).toEqual([false, false, true])
  // Not even the flags' names are there for a page to set.
  expect(Object.keys(LOCAL_DEFINES).filter((name) => page.includes(name))).toEqual([])
})

test('a deployed coordinator takes no simulated policy, and no evidence of a simulated TEE', async () => {
  const tee = await makeSimulatedTee(Date.now(), { gpus: 1 })
  const policy = localPolicy(tee, { nowMs: Date.now(), before: undefined })
  const reply = await fetch(`${started.api}/policy`, {
    method: 'POST',
    body: await signPolicy(policy, [await localPolicySigner()]),
  })
  expect(reply.status).toBeGreaterThanOrEqual(400)
  expect(reply.status).toBeLessThan(500)
  expect((await fetch(`${started.api}/policy`)).status).toBe(404)

  const plan = fakeRunner()
  const args = [...plan.args, '--tee', 'simulated', '--simulated-tee', await makeUnknownTee(network)]
  const runner = await startExtraRunner(network, 'simulated', { ...plan, args })
  await runner.next(({ event, kind }) => event === 'seal-refused' && kind === 'tee', 30_000)
  expect(await listSealed(network, 'fake', 'confidential')).toEqual([])
})

test('a deployed Mini App offers no confidential tier that nobody can prove, and shows no banner', async () => {
  const page = await openMiniapp(browser, network, { path: '/chat' })
  await page.getByTestId('model-pill').click()
  await page.getByTestId('choice').first().waitFor()
  expect(await page.locator('[data-testid=choice][data-tier=confidential]:not([disabled])').count()).toBe(0)
  expect(await page.getByTestId('simulated').count()).toBe(0)
  await page.context().close()
})
