import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { createAppDeps } from '../app-deps.ts'
import { createDeps } from '../deps.ts'
import { findLedgerFaults } from '../ledger/ledger.ts'
import { connectDb, readLedgerAudit } from '../ledger/ledger-store.ts'
import { setupAccount, setupSocketRunner } from './workerd-fixture.ts'

/** A streaming chat with one word delivered, whose only reader is gone. */
async function setupLeft(model: string, lingerSeconds: number) {
  const runner = await setupSocketRunner(model)
  const link = await runner.open()
  await link.next('welcome')
  const fresh = new Proxy(env, {})
  const app = createApp(createAppDeps(fresh))
  const accountId = await setupAccount()
  const key = await createDeps(fresh).createApiKey({
    accountId,
    name: 'test',
    limitDay: null,
    limitMonth: null,
  })
  if (!key.ok) throw new Error(key.reason)
  const ask = () =>
    app.request('http://x/v1/chat/completions', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.key}`,
        'content-type': 'application/json',
        'idempotency-key': 'once',
      },
      body: JSON.stringify({
        model,
        stream: true,
        linger_seconds: lingerSeconds,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    })
  const started = ask()
  const offer = await link.next('job.offer')
  const { jobId, attempt } = offer
  const say = (seq: number, text: string) =>
    link.send({ type: 'job.delta', jobId, attempt, seq, text, tokens: 1 })
  say(0, 'one')
  const reader = (await started).body?.getReader()
  let seen = ''
  while (!seen.includes('one')) seen += new TextDecoder().decode((await reader?.read())?.value)
  await reader?.cancel()
  const jobs = async () =>
    (await env.DB.prepare('SELECT state, charge FROM jobs WHERE account_id = ?').bind(accountId).all())
      .results
  return { runner, link, offer, ask, say, jobs }
}

/** The answer's text in a stream of chunks, all of which name its job. */
async function textOf(reply: Response, jobId: string): Promise<string> {
  const body = await reply.text()
  expect(body).toContain('[DONE]')
  expect(new Set(body.match(/chatcmpl-job_[0-9a-z]+/g))).toEqual(new Set([`chatcmpl-${jobId}`]))
  return body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).choices[0]?.delta?.content ?? '')
    .join('')
}

test('who lost the connection asks again and reads the whole answer, which was made and charged once', async () => {
  const { runner, link, offer, ask, say, jobs } = await setupLeft('lingering', 60)
  say(1, ' two')
  const again = await ask()
  expect(again.headers.get('x-sharnaqa-job')).toBe(offer.jobId)
  say(2, ' three')
  await runner.finish(link, offer, ['one', ' two', ' three'])
  expect(await textOf(again, offer.jobId)).toBe('one two three')
  expect(await textOf(await ask(), offer.jobId)).toBe('one two three')
  expect(await jobs()).toEqual([{ state: 'done', charge: 6 }])
  expect(link.frames.filter(({ type }) => type === 'job.cancel')).toEqual([])
  expect(findLedgerFaults(await readLedgerAudit(connectDb(env.DB)))).toEqual([])
})
test('a second reader that leaves, too, does not leave the job running for ever', async () => {
  const { link, ask, say, offer } = await setupLeft('left-twice', 1)
  const again = (await ask()).body?.getReader()
  await again?.read()
  await again?.cancel()
  // That a reader is gone shows when something is written to it.
  say(1, ' two')
  expect(await link.next('job.cancel')).toMatchObject({ jobId: offer.jobId })
})
test('when nobody comes back the answer stops after its time, and what was delivered is charged', async () => {
  const { runner, link, offer, say, jobs } = await setupLeft('abandoned', 1)
  say(1, ' two')
  const leftAtMs = Date.now()
  expect(await link.next('job.cancel')).toMatchObject({ jobId: offer.jobId })
  expect(Date.now() - leftAtMs).toBeGreaterThan(500)
  await runner.finish(link, offer, ['one', ' two'], 'cancelled')
  await expect.poll(jobs).toEqual([{ state: 'stopped', charge: 5 }])
})
