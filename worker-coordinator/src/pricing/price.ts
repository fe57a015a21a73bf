import { ceilDiv, type Nano, nano } from '../../../protocol/src/money.ts'

/** What a model costs, in nano per 1,000,000 tokens. */
export type Price = { readonly input: Nano; readonly output: Nano }

/** What a job of tier `own` costs: the machine is the caller's, or shared with the caller. */
export const FREE: Price = { input: nano(0n), output: nano(0n) }

/** Tokens at a price. */
export type PricedTokens = {
  readonly price: Price
  readonly promptTokens: number
  readonly completionTokens: number
}

const MILLION = 1_000_000n

/** The cost of tokens, rounded up once over all of them. */
export function costOf(lines: readonly PricedTokens[]): Nano {
  const millionths = lines.reduce(
    (sum, { price, promptTokens, completionTokens }) =>
      sum + price.input * BigInt(promptTokens) + price.output * BigInt(completionTokens),
    0n,
  )
  return nano(ceilDiv(millionths, MILLION))
}

/** True when no side of `price` is above the cap. A cap's absent side allows anything. */
export function fitsCap(price: Price, cap: { readonly input?: Nano; readonly output?: Nano } = {}): boolean {
  return (
    (cap.input === undefined || price.input <= cap.input) &&
    (cap.output === undefined || price.output <= cap.output)
  )
}

/** The higher of two prices, side by side. */
export function higherPrice(a: Price, b: Price): Price {
  return { input: a.input > b.input ? a.input : b.input, output: a.output > b.output ? a.output : b.output }
}
