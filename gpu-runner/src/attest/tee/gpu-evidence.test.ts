import { describe, expect, test } from 'vitest'
import {
  makeSimulatedGpus,
  simulateDevices,
} from '../../../../protocol/src/attestation/simulated/simulated-gpu.ts'
import { toHex } from '../../../../protocol/src/canonical-json.ts'
import { collectGpuEvidence, readGpuState } from './gpu-evidence.ts'
import { type RunProgram, runProgram } from './run-program.ts'
import { made, notMade } from './tee.ts'

const NONCE = new Uint8Array(32).fill(9)
const BOUNDS = { timeoutMs: 5000, outputBytesMax: 1000 }

async function collected(nonce = NONCE, more: object = {}) {
  const { gpus } = await makeSimulatedGpus(Date.UTC(2026, 10, 22), { count: 2 })
  const evidences: object[] = JSON.parse(new TextDecoder().decode(await simulateDevices(gpus, { nonce })))
  const printed = {
    evidences: evidences.map((one) => ({ ...one, ...more })),
    result_code: 0,
    result_message: 'Ok',
  }
  return { evidences, text: JSON.stringify(printed) }
}

const printing =
  (text: string): RunProgram =>
  async () =>
    made(text)

describe('what nvattest prints', () => {
  test('is cut to the members that are hashed, whatever newer versions add', async () => {
    const { evidences, text } = await collected(NONCE, { version: '1.0', driver_version: '575.03' })
    const made = await collectGpuEvidence(printing(text), NONCE, 2)
    if (!made.ok) throw new Error(made.reason)
    const devices: { arch: string }[] = JSON.parse(new TextDecoder().decode(made.value))
    expect(devices.map((device) => Object.keys(device))).toEqual([
      ['arch', 'nonce', 'evidence', 'certificate'],
      ['arch', 'nonce', 'evidence', 'certificate'],
    ])
    expect(devices).toEqual(evidences)
  })

  test('is asked for with the nonce, as JSON, and without that flag where it is not known', async () => {
    const { text } = await collected()
    const calls: (readonly string[])[] = []
    const run: RunProgram = async (file, args) => {
      calls.push([file, ...args])
      return args.includes('--format') ? notMade('failed') : made(text)
    }
    expect(await collectGpuEvidence(run, NONCE, 2)).toMatchObject({ ok: true })
    const command = ['nvattest', 'collect-evidence', '--device', 'gpu', '--nonce', toHex(NONCE)]
    expect(calls).toEqual([[...command, '--format', 'json'], command])
  })

  test.each<[string, (text: string) => string, string]>([
    ['no JSON', () => 'Error: no device', 'gpu-evidence-malformed'],
    ['a failure', (text) => text.replace('"result_code":0', '"result_code":7'), 'gpu-evidence-malformed'],
    ['another architecture', (text) => text.replace('HOPPER', 'AMPERE'), 'gpu-evidence-malformed'],
    [
      'a report that is none',
      (text) => text.replace(/"evidence":"..../, '"evidence":"AAAA'),
      'gpu-evidence-malformed',
    ],
  ])('with %s is not used', async (_, change, reason) => {
    const { text } = await collected()
    expect(await collectGpuEvidence(printing(change(text)), NONCE, 2)).toEqual({ ok: false, reason })
  })

  test('of another nonce, or of fewer GPUs than the driver sees, is not used', async () => {
    const { text } = await collected(new Uint8Array(32).fill(8))
    expect(await collectGpuEvidence(printing(text), NONCE, 2)).toMatchObject({ reason: 'gpu-evidence-nonce' })
    expect(await collectGpuEvidence(printing(text), NONCE, 3)).toMatchObject({ reason: 'gpu-evidence-count' })
  })

  test('is not asked for where there is no GPU; a program that is missing is named', async () => {
    const none = await collectGpuEvidence(printing('never read'), NONCE, 0)
    expect(none).toEqual({ ok: true, value: new TextEncoder().encode('[]') })
    const missing: RunProgram = async () => notMade('missing')
    expect(await collectGpuEvidence(missing, NONCE, 1)).toEqual({ ok: false, reason: 'nvattest-missing' })
  })
})

describe('the confidential mode', () => {
  const smi =
    (answers: Readonly<Record<string, string>>): RunProgram =>
    async (_, args) => {
      const answer = answers[args.at(-1) ?? '']
      return answer === undefined ? notMade('failed') : made(answer)
    }
  const list = { '--format=csv,noheader': 'GPU-1\nGPU-2\n' }
  test.each([
    [{ ...list, '-f': 'CC status: ON\n', '-d': 'DevTools Mode: OFF\n' }, 'on'],
    [{ ...list, '-f': 'CC status: ON\n', '-d': 'DevTools Mode: ON\n' }, 'devtools'],
    [{ ...list, '-f': 'CC status: ON\n' }, 'devtools'],
    [{ ...list, '-f': 'CC status: OFF\n', '-d': 'DevTools Mode: OFF\n' }, 'off'],
    [list, 'off'],
  ])('%o is %s', async (answers, mode) => {
    expect(await readGpuState(smi(answers))).toEqual({ ok: true, value: { count: 2, mode } })
  })

  test('without a driver there is no GPU; a driver that does not answer is a fault', async () => {
    const missing: RunProgram = async () => notMade('missing')
    expect(await readGpuState(missing)).toEqual({ ok: true, value: { count: 0, mode: 'off' } })
    expect(await readGpuState(smi({}))).toEqual({ ok: false, reason: 'gpu-unreadable' })
  })
})

describe('a program', () => {
  const node = (code: string, bounds = BOUNDS) => runProgram(process.execPath, ['-e', code], bounds)
  test('gives what it prints, and its arguments go through no shell', async () => {
    expect(await node('console.log(process.argv.length)')).toEqual({ ok: true, value: '1\n' })
    const args = ['-e', 'console.log(process.argv[1])', '$(echo no)']
    expect(await runProgram(process.execPath, args, BOUNDS)).toEqual({ ok: true, value: '$(echo no)\n' })
  })

  test.each<[string, () => ReturnType<RunProgram>, string]>([
    ['that is missing', () => runProgram('no-such-program-here', [], BOUNDS), 'missing'],
    ['that fails', () => node('process.exit(3)'), 'failed'],
    ['that hangs', () => node('setInterval(() => {}, 1000)', { ...BOUNDS, timeoutMs: 300 }), 'timed-out'],
    ['that prints too much', () => node('console.log("x".repeat(5000))'), 'too-much-output'],
  ])('%s ends with a reason', async (_, run, reason) => {
    expect(await run()).toEqual({ ok: false, reason })
  })
})
