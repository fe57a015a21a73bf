import { request } from 'node:http'
import encodeQR from 'qr'
import decodeQR from 'qr/decode.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { createFakeClock } from '../../test/fake-clock.ts'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { openEarnings } from '../earnings/earnings.ts'
import type { RunnerEvent } from '../events.ts'
import { runnerQrSvg, runnerQrText, SCAN_SENTENCE } from './runner-qr.ts'
import { drawScreen } from './screen.ts'
import { createStatusBoard, runnerStatusSchema } from './status-board.ts'
import { openStatusServer } from './status-server.ts'

const LOADED: RunnerEvent = {
  event: 'model-loaded',
  model: 'silkworm',
  device: 'cpu',
  slots: 4,
  loadMs: 100,
  tokensPerSecond: 900,
  note: 'Runs on cpu.',
}
const ref = (n: number) => ({ model: 'silkworm', jobId: `job_number_${n}`, attempt: 0 })
const ended = (n: number): RunnerEvent => ({
  event: 'job-ended',
  ...ref(n),
  outcome: 'stop',
  promptTokens: 10,
  completionTokens: 20,
  durationMs: 1500,
  tokensPerSecond: 800,
})

async function setupBoard() {
  const clock = createFakeClock()
  const earnings = await openEarnings(await makeTempFolder())
  const board = createStatusBoard({ clock, earnings, runnerId: 'run_test' })
  board.note(LOADED)
  return { clock, earnings, board }
}

async function setupServer(port = 0) {
  const { board } = await setupBoard()
  const server = await openStatusServer({ board, dataDir: await makeTempFolder(), port })
  onTestFinished(server.close)
  return { board, server }
}

describe('the board', () => {
  test('shows the state of each model', async () => {
    const { board } = await setupBoard()
    const state = () => board.status().models[0]?.state
    expect(state()).toBe('starting')
    board.note({ event: 'runner-online', runnerId: 'run_test', model: 'silkworm', device: 'cpu' })
    expect(state()).toBe('online')
    board.note({ event: 'runner-offline', model: 'silkworm', reason: 'closed', retryMs: 5 })
    expect(state()).toBe('offline')
    board.note({ event: 'runner-leaving', jobs: 0 })
    expect(state()).toBe('leaving')
  })

  test('counts running jobs, and keeps the last 20 with what they earned', async () => {
    const { board, earnings, clock } = await setupBoard()
    for (let n = 0; n < 25; n++) {
      board.note({ event: 'job-started', ...ref(n) })
      expect(board.status().models[0]?.running).toBe(1)
      board.note(ended(n))
    }
    earnings.add(ref(24), nano(2_400_000n), clock.nowMs())
    board.note({ event: 'job-paid', ...ref(24), earnedNano: '2400000', todayNano: '2400000' })
    const status = runnerStatusSchema.parse(board.status())
    expect(status.jobs).toHaveLength(20)
    expect(status.jobs[0]).toMatchObject({ jobId: 'job_number_24', tokens: 30, earned: '0.0024 TON' })
    expect(status).toMatchObject({ earnedTodayNano: '2400000', earnedToday: '0.0024 TON' })
  })

  test('fits on a screen of any width', async () => {
    const { board } = await setupBoard()
    board.note(ended(1))
    const screen = drawScreen(board.status(), 'http://127.0.0.1:8788/', { columns: 40, rows: 24 })
    expect(screen).toContain('silkworm')
    expect(screen.split('\n').length).toBeLessThan(20)
  })

  test('says in a plain sentence whether sealed chats can come, and why not', async () => {
    const { board } = await setupBoard()
    const seal = () => board.status().models[0]?.seal
    expect(seal()).toBe('')
    board.note({ event: 'seal-accepted', model: 'silkworm', kind: 'paired', untilMs: 1 })
    board.note({ event: 'seal-failed', kind: 'tee', reason: 'no-tee', retryMs: 5 })
    expect(seal()).toBe(
      'Your own chats can be sealed to this machine. This machine’s evidence of its TEE could not be made (no-tee); it tries again by itself.',
    )
    board.note({ event: 'seal-refused', model: 'silkworm', kind: 'tee', reason: 'release' })
    expect(seal()).toContain('refused this machine’s evidence of its TEE (release)')
    board.note({ event: 'seal-accepted', model: 'silkworm', kind: 'tee', untilMs: 1 })
    expect(seal()).toContain('Confidential chats can be sealed to it.')
    expect(drawScreen(board.status(), '', { columns: 200 })).toContain(
      'Confidential chats can be sealed to it.',
    )
  })

  test('a simulated TEE is said to prove nothing, as long as it runs', async () => {
    const { board } = await setupBoard()
    board.note({ event: 'tee-simulated', sentence: 'This proves NOTHING.' })
    expect(drawScreen(board.status(), '', { columns: 80, rows: 24 })).toContain('This proves NOTHING.')
  })
})

describe('the code that the owner scans', () => {
  test('is drawn whole or not at all', async () => {
    const { board } = await setupBoard()
    const draw = (columns: number, rows?: number) =>
      drawScreen(board.status(), 'http://127.0.0.1:8788/', { columns, ...(rows ? { rows } : {}) })
    expect(draw(80, 50).replaceAll('\n', ' ')).toContain(SCAN_SENTENCE)
    expect(draw(80)).toContain('▄▄▄▄▄')
    for (const small of [draw(80, 24), draw(20, 50)]) {
      expect(small).not.toContain('▄▄▄▄▄')
      expect(small).toContain('http://127')
      expect(small.split('\n').length).toBeLessThanOrEqual(24)
    }
  })

  test('says the runner’s id, as a camera reads it', () => {
    const runnerId = 'run_0123456789abcdefghjkmnpqrs'
    const cells = encodeQR(runnerQrText(runnerId), 'raw', { ecc: 'low', border: 2, scale: 4 })
    const data = Uint8Array.from(
      cells.flatMap((row) => row.flatMap((isDark) => (isDark ? [0, 0, 0] : [255, 255, 255]))),
    )
    expect(decodeQR({ width: cells.length, height: cells.length, data })).toBe(`sharnaqa:runner:${runnerId}`)
    expect(runnerQrSvg(runnerId)).toContain('<path')
  })
})

function get(
  url: string,
  host: string,
  method = 'GET',
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: { host } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    call.on('error', reject)
    call.end()
  })
}

describe('the page', () => {
  test('shows itself and its numbers to this machine', async () => {
    const { server } = await setupServer()
    const page = await (await fetch(server.url)).text()
    expect(page).toContain('<title>Sharnaqa runner</title>')
    expect(page).not.toMatch(/(src|href)="http/)
    expect(page).toContain(runnerQrSvg('run_test'))
    expect(page).toContain(SCAN_SENTENCE)
    const status = await (await fetch(new URL('status.json', server.url))).json()
    expect(runnerStatusSchema.parse(status).models[0]?.model).toBe('silkworm')
    expect((await fetch(new URL('else', server.url))).status).toBe(404)
  })

  test('does not answer to another name, whoever points it at this machine', async () => {
    const { server } = await setupServer()
    const url = new URL('status.json', server.url).href
    for (const host of ['evil.example', 'evil.example:8788', '127.0.0.1.evil.example']) {
      expect((await get(url, host)).status).toBe(403)
    }
    expect((await get(url, 'localhost:1')).status).toBe(200)
    expect((await get(url, '127.0.0.1', 'POST')).status).toBe(405)
  })

  test('falls to a free port where its own is taken', async () => {
    const first = await setupServer()
    const taken = Number(new URL(first.server.url).port)
    const second = await setupServer(taken)
    expect(second.server.url).not.toBe(first.server.url)
    expect((await fetch(second.server.url)).status).toBe(200)
  })
})
