import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openChromium } from '../open-chromium.ts'
import { readAudit, setupNetwork } from '../setup-network.ts'
import { keepPicture, openMiniapp } from './open-miniapp.ts'

const root = join(import.meta.dirname, '../..')
const network = await setupNetwork({ telegram: 'local', plans: [] })
const { client, started } = network
const browser = await openChromium(chromium)
afterAll(() => browser.close())

/** From the tap on "Add a GPU" to the first nano on the screen. A person's own reading time comes on top. */
const PAIRING_MS_MAX = 60_000

/** Runs what the page says, as a person's terminal does, in the project's folder, on a machine that has no runner yet. */
async function runAsPrinted(command: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'sharnaqa-pairing-'))
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: root,
    env: { ...process.env, SHARNAQA_RUNNER_DIR: home, SHARNAQA_STATUS_PORT: '0' },
    stdio: 'ignore',
    detached: true,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  })
}

test('from "Add a GPU" to the first earned nano on the screen, with the command as it is printed', async () => {
  const page = await openMiniapp(browser, network, { path: '/earn' })
  await page.getByTestId('add-gpu').click()
  const beganMs = performance.now()
  const command = (await page.getByTestId('pairing-command').locator('code').innerText()).trim()
  expect(command).toMatch(
    /^npm run runner -- start --pair [0-9A-Z-]+ --coordinator http:\/\/127\.0\.0\.1:\d+$/,
  )
  await keepPicture(page, 'pairing-waiting')

  await runAsPrinted(command)
  const isDone = (step: string) =>
    page.locator(`[data-testid=pairing-step][data-step=${step}][data-done=true]`).count()
  await expect.poll(() => isDone('found'), { timeout: PAIRING_MS_MAX }).toBe(1)
  await expect.poll(() => isDone('model'), { timeout: PAIRING_MS_MAX }).toBe(1)
  await keepPicture(page, 'pairing-connected')

  // The network's first job, from any developer.
  const answer = await client.chat.completions.create({
    model: 'silkworm',
    messages: [{ role: 'user', content: 'What is Sharnaqa?' }],
  })
  expect(answer.choices[0]?.message.content).toContain('Sharnaqa')
  await page.getByTestId('first-earned').waitFor({ timeout: PAIRING_MS_MAX })
  expect(performance.now() - beganMs).toBeLessThan(PAIRING_MS_MAX)
  expect(await page.getByTestId('first-earned').innerText()).toMatch(/0\.0000\d+ TON/)
  await keepPicture(page, 'pairing-earned')
  expect(await readAudit(started.api, started.apiKey)).toMatchObject({ ok: true, faults: [] })
})
