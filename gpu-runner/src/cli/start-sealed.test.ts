import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import { simulatedPolicy } from '../../../protocol/src/attestation/simulated/simulated-policy.ts'
import { exportSimulatedTee } from '../../../protocol/src/attestation/simulated/simulated-tee-file.ts'
import { makeSimulatedTee, simulatedRootsOf } from '../../../protocol/src/attestation/simulated-evidence.ts'
import { sharedSigners } from '../../../protocol/src/attestation/verification-fixture.ts'
import { verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { utf8 } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import { type SealKeysFrame, type UpFrame, upFrameSchema } from '../../../protocol/src/runner/up.ts'
import {
  offerOf,
  pairedCandidate,
  QUESTION,
  readAnswer,
  sealTo,
  teeCandidate,
} from '../../test/sealed-client.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { fakeAnswer } from '../engine/fake-engine.ts'
import { EXIT } from './exit-codes.ts'

const MAIN = path.join(import.meta.dirname, '..', 'main.ts')
const BEACON = 'be'.repeat(32)
const WAIT_MS = 20_000

/** A coordinator of one link: it greets, and then the test speaks. */
async function openCoordinator() {
  const server = createServer((_, response) => {
    const data = [{ value: BEACON, published_at_ms: Date.now() - 1000 }]
    response.end(JSON.stringify({ network: 'sim-local', data }))
  })
  const sockets = new WebSocketServer({ server })
  const frames: UpFrame[] = []
  let link: WebSocket | undefined
  sockets.on('connection', (socket) => {
    link = socket
    socket.send(JSON.stringify({ type: 'challenge', nonce: 'a-nonce', protocol: 2, protocolMinimum: 1 }))
    socket.on('message', (data) => {
      const frame = upFrameSchema.parse(JSON.parse(String(data)))
      frames.push(frame)
      if (frame.type !== 'hello') return
      socket.send(JSON.stringify({ type: 'welcome', leaseMs: 20_000, resume: [], drop: [] }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    frames,
    send: (frame: unknown) => link?.send(JSON.stringify(frame)),
  }
}

function startRunner(dataDir: string, args: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: dataDir, SHARNAQA_RUNNER_DIR: dataDir }
  const common = ['start', '--engine', 'fake', '--model', 'silkworm', '--status-port', '0', '--json']
  const child = spawn(process.execPath, [MAIN, ...common, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      output.text += part.toString()
    })
  return { child, output }
}

async function waitFor<T>(find: () => T | undefined): Promise<T> {
  for (const endMs = Date.now() + WAIT_MS; Date.now() < endMs; ) {
    const found = find()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('what the test waits for did not come')
}

async function stop(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
  return child.exitCode
}

const keysOf = (frames: readonly UpFrame[], kind: SealKeysFrame['kind']) =>
  frames.find((frame): frame is SealKeysFrame => frame.type === 'seal.keys' && frame.kind === kind)

async function ask(
  { frames, send }: Awaited<ReturnType<typeof openCoordinator>>,
  candidate: Parameters<typeof sealTo>[0][number],
  jobId: string,
  manifestDigest: string,
) {
  const plan = { nowMs: Date.now(), suite: 'x-wing', manifestDigest } as const
  const ticket = await sealTo([candidate], plan)
  send(offerOf(ticket, jobId))
  const ofJob = () => frames.filter((frame) => 'jobId' in frame && frame.jobId === jobId)
  await waitFor(() => ofJob().find(({ type }) => type === 'job.sealed-done'))
  return await readAnswer(ticket, ofJob(), jobId)
}

test('a runner in a simulated TEE shows its keys, opens questions to both of its names, and says that it proves nothing', async () => {
  const simulated = await makeSimulatedTee(Date.now(), { gpus: 1 })
  const dataDir = await makeTempFolder()
  const file = path.join(dataDir, 'simulated-tee.json')
  await writeFile(file, await exportSimulatedTee(simulated))
  const coordinator = await openCoordinator()
  const args = ['--coordinator', coordinator.url, '--tee', 'simulated', '--simulated-tee', file]
  const { child, output } = startRunner(dataDir, args)
  const { frames, send } = coordinator
  const paired = await waitFor(() => keysOf(frames, 'paired'))
  const tee = await waitFor(() => keysOf(frames, 'tee'))
  const hello = frames[0]
  if (hello?.type !== 'hello') throw new Error('no hello')
  const signers = await sharedSigners()
  const { accepted, document } = await verifyEvidence({
    evidence: utf8(tee.document),
    policy: await signPolicy(simulatedPolicy(simulatedRootsOf(simulated), { nowMs: Date.now() }), signers),
    pins: {
      network: 'sim-local',
      signers: signers.map(({ publicKey }) => toHex(publicKey)),
      threshold: 3,
      minSeq: 1,
    },
    freshness: { kind: 'beacon', beacons: [{ value: BEACON, publishedAtMs: Date.now() - 1000 }] },
    wanted: { model: 'silkworm', manifestDigest: hello.manifestDigest, platforms: 'any' },
    simulation: 'allowed',
    nowMs: Date.now(),
  })
  expect(document.reason).toBeUndefined()
  if (!accepted) throw new Error('refused')
  expect(accepted.statement.owner).toBe(hello.runnerId)
  for (const kind of ['paired', 'tee'])
    send({ type: 'seal.verdict', kind, accepted: true, untilMs: Date.now() })

  const words = fakeAnswer(QUESTION, 0).text
  const asOwner = await pairedCandidate(paired, Date.now(), 'x-wing')
  expect(await ask(coordinator, asOwner, 'job_own', hello.manifestDigest)).toMatchObject({
    text: words,
    end: { finish: 'stop', receipt: { runnerId: hello.runnerId } },
  })
  const asTee = teeCandidate(accepted, 'x-wing')
  expect(await ask(coordinator, asTee, 'job_tee', hello.manifestDigest)).toMatchObject({
    text: words,
    end: { finish: 'stop', receipt: { runnerId: accepted.statement.runnerId } },
  })
  expect(await stop(child)).toBe(EXIT.ok)
  const events = output.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.filter(({ event }) => event === 'tee-simulated')).toHaveLength(1)
  expect(events.filter(({ event }) => event === 'seal-accepted').map(({ kind }) => kind)).toEqual([
    'paired',
    'tee',
  ])
  expect(output.text).toContain('proves NOTHING')
  for (const word of [QUESTION.messages[0]?.content ?? '', words.slice(0, 12)])
    expect(output.text).not.toContain(word)
})

test.each([
  [['--tee', 'simulated'], 'needs --simulated-tee'],
  [['--tee', 'simulated', '--simulated-tee', 'no-such-file'], 'holds no simulated TEE'],
  [['--tee', 'tdx'], 'needs --tee-image'],
  [
    ['--tee', 'tdx', '--tee-image', 'ab'.repeat(32), '--upstream', 'http://10.0.0.7:8000'],
    'must be on this machine',
  ],
  [['--tee', 'sgx'], '--tee'],
  [['--tee-image', 'AB'], '--tee-image'],
])('%o ends with what is missing', async (args, part) => {
  const dataDir = await makeTempFolder()
  const { child, output } = startRunner(dataDir, ['--coordinator', 'http://127.0.0.1:1', ...args])
  const [code] = await once(child, 'exit')
  expect(code).toBe(EXIT.usage)
  await waitFor(() => (output.text.includes(part) ? true : undefined))
})
