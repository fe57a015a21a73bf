import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { type JobPart, planSettlement, type SettleInput } from './settle-job.ts'

const price = { input: nano(20_000_000n), output: nano(60_000_000n) }

function part(extra: Partial<JobPart> = {}): JobPart {
  return {
    attempt: 0,
    ledgerId: 100,
    price,
    deliveredTokens: 10,
    reported: { promptTokens: 5, completionTokens: 10 },
    faulty: false,
    ...extra,
  }
}

function settle(parts: readonly JobPart[], extra: Partial<SettleInput> = {}) {
  return planSettlement({
    jobId: 'job_1',
    kind: 'chat',
    accountId: 7,
    hold: nano(1_000_000_000n),
    promptTokensMax: 1000,
    completionTokensMax: 1000,
    promptTokensEstimate: 3,
    parts,
    commissionBps: 500n,
    ...extra,
  })
}

test('the charge is tokens times price, and the commission comes out of it', () => {
  const { charge, transfers } = settle([part()])
  expect(charge).toBe(700n)
  expect(transfers).toEqual([
    { id: 'job_1/earn/0', kind: 'usage', debit: 7, credit: 100, amount: 700n, fee: 35n },
  ])
})
test('a fraction of a nano is rounded up, once over the whole job', () => {
  const thin = { input: nano(1n), output: nano(1n) }
  const parts = [part({ price: thin }), part({ price: thin, attempt: 1, ledgerId: 101, reported: undefined })]
  const { charge, transfers } = settle(parts)
  expect(charge).toBe(1n)
  expect(transfers.map(({ amount }) => amount)).toEqual([1n])
})
test('whatever the tokens, the parts add up to the charge, and the charge stays within the hold', () => {
  let seed = 20261122
  const random = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % max
  }
  for (let round = 0; round < 2_000; round++) {
    const caps = { promptTokensMax: 1 + random(500), completionTokensMax: 1 + random(500) }
    const pinned = { input: nano(BigInt(random(90_000_000))), output: nano(BigInt(random(90_000_000))) }
    const parts = Array.from({ length: 1 + random(4) }, (_, attempt) =>
      part({
        attempt,
        ledgerId: 100 + attempt,
        price: {
          input: nano(BigInt(random(Number(pinned.input) + 1))),
          output: nano(BigInt(random(Number(pinned.output) + 1))),
        },
        deliveredTokens: random(400),
        reported: random(3) === 0 ? undefined : { promptTokens: random(900), completionTokens: random(900) },
        faulty: random(5) === 0,
      }),
    )
    const worst =
      pinned.input * BigInt(caps.promptTokensMax) + pinned.output * BigInt(caps.completionTokensMax)
    const hold = nano((worst + 999_999n) / 1_000_000n)
    const { charge, transfers, earned } = settle(parts, { ...caps, hold })
    const sum = transfers.reduce((total, { amount }) => total + amount, 0n)
    expect(sum, `round ${round}`).toBe(charge)
    expect(charge, `round ${round}`).toBeLessThanOrEqual(hold)
    const net = transfers.reduce((total, { amount, fee }) => total + amount - fee, 0n)
    expect([...earned.values()].reduce<bigint>((total, one) => total + one, 0n)).toBe(net)
  }
})
test('of two counts of tokens the smaller is charged, and the larger is remembered', () => {
  expect(
    settle([part({ deliveredTokens: 100, reported: { promptTokens: 5, completionTokens: 300 } })]),
  ).toMatchObject({
    completionTokens: 100,
    overReported: [0],
  })
  expect(
    settle([part({ deliveredTokens: 100, reported: { promptTokens: 5, completionTokens: 60 } })]),
  ).toMatchObject({
    completionTokens: 60,
    overReported: [],
  })
  expect(
    settle([part({ deliveredTokens: 100, reported: { promptTokens: 5, completionTokens: 103 } })])
      .overReported,
  ).toEqual([])
})
test('a prompt is never charged beyond its own bytes', () => {
  const parts = [part({ reported: { promptTokens: 5_000, completionTokens: 10 } })]
  expect(settle(parts, { promptTokensMax: 40 })).toMatchObject({ promptTokens: 40 })
})
test('the prompt is paid once, to the first runner that delivered anything', () => {
  const { transfers } = settle([
    part({ deliveredTokens: 0, reported: undefined }),
    part({ attempt: 1, ledgerId: 101, reported: undefined }),
    part({ attempt: 2, ledgerId: 102 }),
  ])
  expect(transfers.map(({ credit, amount }) => [credit, amount])).toEqual([
    [101, 700n],
    [102, 600n],
  ])
})
test('zero output is zero charge', () => {
  expect(
    settle([part({ deliveredTokens: 0, reported: { promptTokens: 5, completionTokens: 0 } })]),
  ).toMatchObject({
    charge: 0n,
    transfers: [],
  })
  expect(settle([])).toMatchObject({ charge: 0n, transfers: [] })
})
test('a part with a bad receipt is paid to nobody and charged to nobody', () => {
  const { charge, transfers } = settle([part({ faulty: true }), part({ attempt: 1, ledgerId: 101 })])
  expect(charge).toBe(700n)
  expect(transfers.map(({ credit }) => credit)).toEqual([101])
})
test('embeddings are charged by what was read, and only with a receipt', () => {
  const reported = { promptTokens: 50, completionTokens: 0 }
  expect(settle([part({ deliveredTokens: 0, reported })], { kind: 'embedding' }).charge).toBe(1000n)
  expect(settle([part({ deliveredTokens: 0, reported: undefined })], { kind: 'embedding' }).charge).toBe(0n)
})
test('a charge beyond the hold is a bug and stops', () => {
  expect(() => settle([part()], { hold: nano(1n) })).toThrow('exceeds hold')
})
test('a sealed part is charged by its receipt alone, and no further than it may be', () => {
  const sealed = { kind: 'sealed' } as const
  expect(settle([part({ reported: undefined })], sealed)).toMatchObject({ charge: 0n, transfers: [] })
  expect(settle([part({ faulty: true })], sealed)).toMatchObject({ charge: 0n, transfers: [] })
  expect(settle([part()], sealed)).toMatchObject({ charge: 700n, promptTokens: 5, completionTokens: 10 })
  const greedy = part({ deliveredTokens: 5000, reported: { promptTokens: 4000, completionTokens: 4000 } })
  expect(settle([greedy], sealed)).toMatchObject({ promptTokens: 1000, completionTokens: 1000 })
})
test('a sealed part says no more tokens than bytes of it went out', () => {
  const few = part({ deliveredTokens: 3, reported: { promptTokens: 5, completionTokens: 900 } })
  expect(settle([few], { kind: 'sealed' })).toMatchObject({ completionTokens: 3 })
})
