import { env } from 'cloudflare:workers'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { makeJobId, runnerIdOf } from '../../../protocol/src/ids.ts'
import { upstreamDigest } from '../../../protocol/src/model-manifest.ts'
import { nano } from '../../../protocol/src/money.ts'
import { signReceipt } from '../../../protocol/src/receipt.ts'
import { inputHash, outputHash } from '../../../protocol/src/receipt-hashes.ts'
import { type DownFrame, type JobOffer, offerContent } from '../../../protocol/src/runner/down.ts'
import { type Finish, type Hello, helloSigningText } from '../../../protocol/src/runner/up.ts'
import { findOrCreateAccount } from '../accounts/account-store.ts'
import type { ChatJob } from '../jobs/chat-job.ts'
import { connectDb } from '../ledger/ledger-store.ts'

let next = 1

/** An account with coins, in the workerd test's own D1. */
export async function setupAccount(credit = 1_000_000_000n) {
  const telegramId = 10_000 + next++
  const newId = () => 6_000_000_000 + telegramId
  const { id } = await findOrCreateAccount(connectDb(env.DB), {
    telegramId,
    nowMs: Date.now(),
    welcome: nano(credit),
    newId,
  })
  return id
}

/** A paired runner with a real key, whose socket the test holds. `open` gives a link that has said hello. */
export async function setupSocketRunner(model: string) {
  const accountId = await setupAccount()
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', keys.publicKey)) as ArrayBuffer)
  const runnerId = await runnerIdOf(raw)
  const ledgerId = 7_000_000_000 + next++
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO ledger_accounts (id, code, side, debits, credits, held) VALUES (?, ?, 'credit', 0, 0, 0)",
    ).bind(ledgerId, `liab:runner:${runnerId}`),
    env.DB.prepare(
      "INSERT INTO runners (id, account_id, ledger_id, public_key, name, state, created_at) VALUES (?, ?, ?, ?, 'test', 'active', 0)",
    ).bind(runnerId, accountId, ledgerId, toBase64Url(raw)),
  ])
  const manifestDigest = await upstreamDigest(model)
  const stub = env.DISPATCH.getByName(`${model}:0`)

  async function connect(cf: RequestInitCfProperties = {}) {
    const url = `http://x/v1/runners/link?runner=${runnerId}&model=${model}`
    const { webSocket: socket } = await stub.fetch(url, { headers: { upgrade: 'websocket' }, cf })
    if (!socket) throw new Error('no socket')
    const frames: DownFrame[] = []
    const closed: number[] = []
    socket.addEventListener(
      'message',
      ({ data }) => void (data === 'pong' || frames.push(JSON.parse(String(data)))),
    )
    socket.addEventListener('close', ({ code }) => void closed.push(code))
    socket.accept()
    return {
      socket,
      frames,
      closed,
      send: (frame: object) => socket.send(JSON.stringify(frame)),
      next: async <Type extends DownFrame['type']>(type: Type) => {
        for (let tries = 0; tries < 200; tries++) {
          const found = frames.findIndex((frame) => frame.type === type)
          if (found >= 0) return frames.splice(found, 1)[0] as Extract<DownFrame, { type: Type }>
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
        throw new Error(`no ${type} came`)
      },
    }
  }

  async function makeHello(nonce: string, change: Partial<Hello> = {}): Promise<Hello> {
    const text = new TextEncoder().encode(helloSigningText(nonce, { runnerId, model, manifestDigest }))
    const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', keys.privateKey, text)))
    return {
      type: 'hello',
      protocol: 1,
      runnerId,
      signature,
      software: 'test',
      model,
      kind: 'chat',
      manifestDigest,
      contextTokens: 1024,
      parameters: 1,
      features: [],
      engine: 'fake',
      device: 'cpu',
      slots: 2,
      freeSlots: 2,
      tokensPerSecond: 10,
      ask: { input: 1_000_000, output: 1_000_000 },
      jobs: [],
      ...change,
    }
  }

  async function open(change: Partial<Hello> = {}, cf: RequestInitCfProperties = {}) {
    const link = await connect(cf)
    const { nonce } = await link.next('challenge')
    link.send(await makeHello(nonce, change))
    return link
  }

  /** Ends an answer whose deltas, a token each, were sent before. */
  async function finish(
    link: Awaited<ReturnType<typeof connect>>,
    offer: JobOffer,
    pieces: readonly string[],
    finish: Finish = 'stop',
  ) {
    const { jobId, attempt } = offer
    if (offer.kind === 'sealed') throw new Error('a sealed offer has a receipt of its own')
    const usage = { promptTokens: 3, completionTokens: pieces.length }
    const receipt = await signReceipt(keys.privateKey, {
      version: 1,
      jobId,
      attempt,
      runnerId,
      model,
      manifestDigest,
      inputHash: await inputHash(offerContent(offer)),
      outputHash: await outputHash(jobId, attempt, pieces),
      ...usage,
      price: offer.price,
      startedAtMs: 1,
      endedAtMs: 2,
    })
    link.send({ type: 'job.done', jobId, attempt, finish, usage, receipt })
  }

  /** The frames of a whole answer: one delta, and the end with its receipt. */
  async function answer(link: Awaited<ReturnType<typeof connect>>, offer: JobOffer, text: string) {
    const { jobId, attempt } = offer
    link.send({ type: 'job.delta', jobId, attempt, seq: 0, text, tokens: 1 })
    await finish(link, offer, [text])
  }

  const pair = { publicKey: raw, privateKey: keys.privateKey }
  return {
    accountId,
    runnerId,
    ledgerId,
    pair,
    manifestDigest,
    stub,
    connect,
    open,
    makeHello,
    finish,
    answer,
  }
}

export function makeChat(accountId: number, model: string): ChatJob {
  return {
    kind: 'chat',
    jobId: makeJobId(Date.now(), crypto.getRandomValues(new Uint8Array(16))),
    caller: { accountId, keyId: undefined },
    model,
    tier: 'open',
    messages: [{ role: 'user', content: 'hello' }],
    params: {},
    needs: [],
  }
}
