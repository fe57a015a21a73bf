import { hotWalletAddress } from '../../worker-coordinator/src/ton/hot-wallet-address.ts'
import { FAUCET } from './sandbox-chain.ts'
import { startTon, type TonHandle } from './start-ton.ts'

export type LocalTon = {
  readonly url: string
  readonly chain: TonHandle['chain']
  readonly wallet: TonHandle['wallet']
  /** The network's own wallet, raw. */
  readonly hotAddress: string
  /** Variables of a coordinator that uses this TON. */
  readonly vars: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** The operator's coins at the first start: they stand behind welcome credits. 100 TON. */
const FLOAT_NANO = 100_000_000_000n

/** Starts the local TON, and says what a coordinator must know of it. */
export async function startLocalTon(options: {
  readonly port: number
  readonly stateFile: string
  readonly hotSeed: string
}): Promise<LocalTon> {
  const ton = await startTon({ port: options.port, stateFile: options.stateFile })
  const hotAddress = hotWalletAddress(options.hotSeed, ton.network)
  if ((await ton.chain.balance(hotAddress)) === 0n) await ton.chain.faucet(hotAddress, FLOAT_NANO)
  return {
    url: ton.url,
    chain: ton.chain,
    wallet: ton.wallet,
    hotAddress,
    vars: {
      TON_SEED: options.hotSeed,
      TON_NETWORK: ton.network,
      TONCENTER_URL: ton.url,
      TON_EXPLORER_URL: ton.url,
      TON_WALLETS_LIST_URL: `${ton.url}/wallets-v2.json`,
      TON_WALLET_SCRIPT_URL: `${ton.url}/wallet.js`,
      // Coins of the faucet are the operator's, not a deposit of somebody unknown.
      TON_OPERATOR_ADDRESSES: FAUCET,
      // On this machine a payout comes while somebody watches: the bundled model earns little.
      EARNINGS_MATURE_S: '20',
      PAYOUT_AUTOMATIC_NANO: '1000',
      PAYOUT_MINIMUM_NANO: '1000',
      PAYOUT_FEE_NANO: '100',
    },
    close: ton.close,
  }
}
