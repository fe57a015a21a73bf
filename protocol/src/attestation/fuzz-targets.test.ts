import { expect, test } from 'vitest'
import { type Bytes, readUtf8, utf8 } from '../bytes.ts'
import { evidenceSchema } from './evidence.ts'
import {
  fuzzCertificate,
  fuzzChain,
  fuzzEvidence,
  fuzzGpuReport,
  fuzzPolicy,
  fuzzRevocationList,
  fuzzSnpReport,
  fuzzStatement,
  fuzzTdxCollateral,
  fuzzTdxQuote,
} from './fuzz-targets.ts'
import { writeStatement } from './policy/statement.ts'
import { seededRandom } from './seeded-random-fixture.ts'
import { simulateGpuReport } from './simulated/simulated-gpu.ts'
import { writePemBytes, writeRevocationList } from './simulated/write-certificate.ts'
import { makeStatement, NOW_MS, sharedTee, snpRequest, tdxRequest } from './verification-fixture.ts'

const TARGETS = {
  fuzzTdxQuote,
  fuzzSnpReport,
  fuzzGpuReport,
  fuzzTdxCollateral,
  fuzzStatement,
  fuzzPolicy,
  fuzzCertificate,
  fuzzRevocationList,
  fuzzChain,
  fuzzEvidence,
} as const
type Target = keyof typeof TARGETS

/** Changed inputs of each parser in a run of all tests. */
const RUNS = 150
const SEED = 7

/** An input that each parser reads. */
async function makeInputs(): Promise<Readonly<Record<Target, Bytes>>> {
  const { pki, gpus } = await sharedTee()
  const [gpu] = gpus.gpus
  if (!gpu) throw new Error('the simulated TEE has no GPU')
  const tdx = await tdxRequest()
  const snp = await snpRequest()
  const carried = (evidence: Bytes) => evidenceSchema.parse(JSON.parse(readUtf8(evidence) ?? ''))
  const decode = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
  return {
    fuzzTdxQuote: decode(carried(tdx.evidence).quote),
    fuzzSnpReport: decode(carried(snp.evidence).quote),
    fuzzGpuReport: await simulateGpuReport(gpu, { nonce: new Uint8Array(32) }),
    fuzzTdxCollateral: utf8(JSON.stringify(carried(tdx.evidence).collateral)),
    fuzzStatement: writeStatement(await makeStatement()),
    fuzzPolicy: tdx.policy,
    fuzzCertificate: pki.pck.certificate,
    fuzzRevocationList: await writeRevocationList({
      issuer: pki.root.name,
      issuerKey: pki.root.key,
      thisUpdateMs: NOW_MS,
      nextUpdateMs: NOW_MS + 1000,
      revoked: [1, 2, 300],
    }),
    fuzzChain: writePemBytes([pki.pck.certificate, pki.root.certificate]),
    fuzzEvidence: tdx.evidence,
  }
}

/** Cuts, repeats, overwrites and inserts at places that the seed chooses. */
function mutate(bytes: Bytes, random: () => number): Bytes {
  const at = Math.floor(random() * bytes.length)
  const length = Math.floor(random() * 16)
  const noise = Uint8Array.from({ length }, () => Math.floor(random() * 256))
  const kind = Math.floor(random() * 4)
  const cut = kind === 0 ? bytes.length : kind === 1 ? at + length : at
  const middle = kind === 3 ? bytes.subarray(Math.max(0, at - length), at) : noise
  return new Uint8Array([...bytes.subarray(0, at), ...middle, ...bytes.subarray(cut)])
}

const NAMES = Object.keys(TARGETS) as Target[]

test.each(NAMES)(
  '%s reads what is sound, and says something of anything',
  { timeout: 60_000 },
  async (name) => {
    const sound = (await makeInputs())[name]
    expect(await TARGETS[name](sound)).toBe('read')
    const random = seededRandom(SEED)
    for (let run = 0; run < RUNS; run += 1) {
      const bytes = mutate(run % 3 === 0 ? mutate(sound, random) : sound, random)
      expect(['read', 'refused']).toContain(await TARGETS[name](bytes))
    }
    expect(await TARGETS[name](new Uint8Array())).toBe('refused')
  },
)
