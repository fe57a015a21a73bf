import { toNano } from '@ton/core'
import { expect, test } from 'vitest'
import {
  collect,
  DAY_S,
  DELAY_S,
  type EscrowWorld,
  feesOf,
  STRANGERS_KEY,
  setupEscrow,
} from './setup-escrow.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
const STEPS = 60
const CAP = toNano('1')

test.for(SEEDS)(
  'random operations conserve coins to the nano, and hold every promise (seed %i)',
  async (seed) => {
    const random = createRandom(seed)
    const world = await setupEscrow({ dayCap: CAP })
    const wallets = [world.owner, world.payee, world.stranger]
    let kept = 0n
    const counted = watchFees(world, (fees) => {
      kept += fees
    })
    await counted.deploy(toNano('20'))
    const total = async () =>
      (
        await Promise.all([...wallets.map(({ address }) => address), world.address].map(world.balanceOf))
      ).reduce((sum, balance) => sum + balance, kept)
    const everything = await total()

    let signed = 0n
    let withoutVoucher = 0n
    let last = await world.state()
    for (let step = 0; step < STEPS; step++) {
      world.advance(random.below(DAY_S / 2))
      const cents = BigInt(1 + random.below(300)) * toNano('0.01')
      const before = last
      switch (random.below(8)) {
        case 0:
          await counted.from(random.pick(wallets), cents)
          break
        case 1:
        case 2: {
          const outcome = await collect(counted, before.collected + cents, { sender: random.pick(wallets) })
          if (outcome.exitCode === 0 && before.collected + cents > signed) signed = before.collected + cents
          break
        }
        case 3: {
          const outcome = await counted.collectWithinCap(before.collected + cents / 3n, random.pick(wallets))
          if (outcome.exitCode === 0) withoutVoucher += (await world.state()).collected - before.collected
          break
        }
        case 4:
          await counted.requestClose(random.pick(wallets))
          break
        case 5:
          if (random.below(2) === 0) world.advance(DELAY_S)
          await counted.finalizeClose(random.pick(wallets))
          break
        case 6:
          expect(
            (await collect(counted, before.collected + cents, { key: STRANGERS_KEY })).exitCode,
          ).not.toBe(0)
          break
        default:
          await counted.deploy(toNano('0.05'))
      }
      last = await world.state()
      expect(last.collected).toBeGreaterThanOrEqual(before.collected)
      expect(last.takenToday).toBeLessThanOrEqual(CAP)
      expect(last.collected).toBeLessThanOrEqual(signed + withoutVoucher)
      expect(await total(), `step ${step} of seed ${seed}`).toBe(everything)
    }
  },
)

/** The same world, which reports the fees of whatever is done in it. */
function watchFees(world: EscrowWorld, report: (fees: bigint) => void): EscrowWorld {
  const watched =
    <Args extends unknown[], Result extends { readonly fees: bigint }>(
      send: (...args: Args) => Promise<Result>,
    ) =>
    async (...args: Args) => {
      const outcome = await send(...args)
      report(outcome.fees)
      return outcome
    }
  return {
    ...world,
    from: watched(world.from),
    deploy: watched(world.deploy),
    requestClose: watched(world.requestClose),
    finalizeClose: watched(world.finalizeClose),
    collectWithinCap: watched(world.collectWithinCap),
  }
}

/** xorshift32: the same seed gives the same run. */
function createRandom(seed: number) {
  let x = (seed * 2654435761) >>> 0 || 1
  const below = (limit: number) => {
    x ^= x << 13
    x >>>= 0
    x ^= x >>> 17
    x ^= x << 5
    x >>>= 0
    return Math.floor((x / 2 ** 32) * limit)
  }
  return {
    below,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}

test('the sum that the fuzz compares notices a lost nano', async () => {
  const world = await setupEscrow()
  const { transactions } = await world.owner.send({ to: world.stranger.address, value: 1n })
  expect(feesOf(transactions)).toBeGreaterThan(0n)
})
