import { z } from 'zod'
import { parseDevices } from '../../../../protocol/src/attestation/nvidia/devices.ts'
import type { Statement } from '../../../../protocol/src/attestation/policy/statement.ts'
import { type Bytes, sameBytes, utf8 } from '../../../../protocol/src/bytes.ts'
import { toHex } from '../../../../protocol/src/canonical-json.ts'
import type { RunProgram } from './run-program.ts'
import { type Made, made, notMade } from './tee.ts'

/** A GPU signs in some seconds; sixteen of them one after the other. */
const COLLECT_TIMEOUT_MS = 120_000
const COLLECT_BYTES_MAX = 2_000_000
const QUERY = { timeoutMs: 20_000, outputBytesMax: 65_536 } as const

/** What NVIDIA's `nvattest` prints. Newer versions write more members for each device; four of them are hashed. */
const collectedSchema = z.object({
  result_code: z.literal(0),
  evidences: z
    .array(z.object({ arch: z.string(), nonce: z.string(), evidence: z.string(), certificate: z.string() }))
    .max(16),
})

/** How many GPUs the driver sees, and whether all of them are in confidential mode. Without a driver there is none. */
export async function readGpuState(run: RunProgram): Promise<Made<Statement['gpu']>> {
  const listed = await run('nvidia-smi', ['--query-gpu=uuid', '--format=csv,noheader'], QUERY)
  if (!listed.ok)
    return listed.reason === 'missing' ? made({ count: 0, mode: 'off' }) : notMade('gpu-unreadable')
  const count = listed.value.split('\n').filter((line) => line.trim().startsWith('GPU-')).length
  if (count === 0) return made({ count: 0, mode: 'off' })
  const feature = await run('nvidia-smi', ['conf-compute', '-f'], QUERY)
  const tools = await run('nvidia-smi', ['conf-compute', '-d'], QUERY)
  if (!feature.ok || !/\bCC status:\s*ON\b/i.test(feature.value)) return made({ count, mode: 'off' })
  // Whatever is not plainly off counts as on.
  const isPlain = tools.ok && /\bDevTools Mode:\s*OFF\b/i.test(tools.value)
  return made({ count, mode: isPlain ? 'on' : 'devtools' })
}

/** Lets each GPU sign the nonce, and gives the list as it is hashed. */
export async function collectGpuEvidence(run: RunProgram, nonce: Bytes, count: number): Promise<Made<Bytes>> {
  if (count === 0) return made(utf8('[]'))
  const args = ['collect-evidence', '--device', 'gpu', '--nonce', toHex(nonce)]
  const bounds = { timeoutMs: COLLECT_TIMEOUT_MS, outputBytesMax: COLLECT_BYTES_MAX }
  const asJson = await run('nvattest', [...args, '--format', 'json'], bounds)
  // Version 1.0 prints JSON where it is asked to; later ones always, and may not know the flag.
  const printed = asJson.ok || asJson.reason !== 'failed' ? asJson : await run('nvattest', args, bounds)
  if (!printed.ok) return notMade(`nvattest-${printed.reason}`)
  return readCollected(printed.value, nonce, count)
}

function readCollected(text: string, nonce: Bytes, count: number): Made<Bytes> {
  const collected = collectedSchema.safeParse(parseJson(text)).data
  if (!collected) return notMade('gpu-evidence-malformed')
  const devices = collected.evidences.map(({ arch, nonce: said, evidence, certificate }) => ({
    arch,
    nonce: said,
    evidence,
    certificate,
  }))
  if (devices.length !== count) return notMade('gpu-evidence-count')
  const bytes = utf8(JSON.stringify(devices))
  const gpus = parseDevices(bytes)
  if (!gpus) return notMade('gpu-evidence-malformed')
  return gpus.every(({ report }) => sameBytes(report.nonce, nonce))
    ? made(bytes)
    : notMade('gpu-evidence-nonce')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
