import { describe, expect, test } from 'vitest'
import {
  HOW_TO_GET_VECTORS,
  readVector,
  readVectorText,
  VECTORS,
} from '../../../../protocol/src/attestation/vectors-fixture.ts'
import { fromHex } from '../../../../protocol/src/bytes.ts'
import { collectGpuEvidence } from './gpu-evidence.ts'
import { intelPlatformOf } from './intel-collateral.ts'
import { made } from './tee.ts'

describe.skipIf(!VECTORS)(`what real hardware wrote${HOW_TO_GET_VECTORS}`, () => {
  test.each([
    ['phala-v4-b0c06f', 'b0c06f000000'],
    ['phala-v5td15-90c06f-outdated', '90c06f000000'],
  ])('the TDX quote %s names its platform', (name, fmspc) => {
    const platform = intelPlatformOf(readVector(`tdx/${name}.quote.bin`))
    expect(platform).toEqual({ ok: true, value: { fmspc, authority: 'platform' } })
  })

  test('the evidence of an H100 is taken as nvattest prints it, for its own nonce alone', async () => {
    const evidences: { nonce: string }[] = JSON.parse(readVectorText('nvidia/hopper_evidence.json'))
    const run = async () => made(JSON.stringify({ evidences, result_code: 0, result_message: 'Ok' }))
    const nonce = fromHex(evidences[0]?.nonce.toLowerCase() ?? '') ?? new Uint8Array()
    expect(await collectGpuEvidence(run, nonce, evidences.length)).toMatchObject({ ok: true })
    const other = await collectGpuEvidence(run, new Uint8Array(32), evidences.length)
    expect(other).toEqual({ ok: false, reason: 'gpu-evidence-nonce' })
  })
})
