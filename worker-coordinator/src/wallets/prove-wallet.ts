import type { Log } from '../platform/log.ts'
import type { CheckedProof, ProofFault, TonProof } from './ton/check-proof.ts'
import type { Wallet } from './wallet.ts'
import type { BindResult } from './wallet-store.ts'

export type ProveWalletDeps = {
  readonly checkProof: (proof: TonProof, domain: string) => Promise<CheckedProof>
  readonly bindProvenWallet: (input: {
    accountId: number
    nonce: string
    address: string
  }) => Promise<BindResult>
  /** Gives the account the coins that came from this wallet when nobody was named for them. */
  readonly claimSuspense: (input: { accountId: number; address: string }) => Promise<unknown>
  /** Has the bot tell the person, who may not have done this. */
  readonly announce: (
    accountId: number,
    kind: 'wallet-changes',
    facts: {
      readonly address: string
      /** Undefined: from now on. */
      readonly countsFromMs: number | undefined
    },
  ) => Promise<unknown>
  readonly log: Log
}

export type ProveWalletResult =
  | { readonly ok: true; readonly wallet: Wallet }
  | {
      readonly ok: false
      readonly reason: ProofFault | Extract<BindResult, { ok: false }>['reason']
    }

/**
 * Binds a wallet by its proof. What follows from it, claiming coins and telling the person, never undoes it: where that
 * fails it is logged, and coins in suspense can be claimed by the next proof.
 */
export async function proveWallet(
  deps: ProveWalletDeps,
  input: { readonly accountId: number; readonly proof: TonProof; readonly domain: string },
): Promise<ProveWalletResult> {
  const { accountId } = input
  const checked = await deps.checkProof(input.proof, input.domain)
  if (!checked.ok) return checked
  const { address, nonce } = checked
  const bound = await deps.bindProvenWallet({ accountId, nonce, address })
  if (!bound.ok) return bound
  deps.log('wallet-bound', { account: accountId, waits: bound.wallet.next !== undefined })
  const countsFromMs = bound.wallet.next?.fromMs
  await Promise.all([
    deps.claimSuspense({ accountId, address }).catch(() => deps.log('claim-failed', { account: accountId })),
    deps
      .announce(accountId, 'wallet-changes', { address, countsFromMs })
      .catch(() => deps.log('announce-failed', { account: accountId })),
  ])
  return bound
}
