import type { Nano } from '../../protocol/src/money.ts'
import { createRateLimit } from './accounts/rate-limit.ts'
import { readMoney, readUsage } from './billing/billing-store.ts'
import { readStatement } from './billing/statement-store.ts'
import { sumUsage } from './billing/sum-usage.ts'
import { sumWindow } from './billing/sum-usage-store.ts'
import { depositInstructions } from './deposits/deposit-instructions.ts'
import { claimSuspense, listDeposits } from './deposits/deposit-store.ts'
import { listEarnedJobs, listRunnerEarnings } from './earnings/earnings-report-store.ts'
import { matureWindow, spendEarnings } from './earnings/earnings-store.ts'
import { matureEarnings, readMatureMs } from './earnings/mature-earnings.ts'
import { acceptVoucher } from './escrow/accept-voucher.ts'
import { addEscrow, findEscrow, keepVoucher, listEscrows } from './escrow/escrow-store.ts'
import { registerEscrow } from './escrow/register-escrow.ts'
import { deriveEscrowAddress, readEscrowState } from './escrow/ton/escrow-contract.ts'
import { findJobs, readCursor } from './ledger/job-window-store.ts'
import { checkLedger } from './ledger/ledger-alarm.ts'
import { connectDb, freezePayouts, readFreeze, readLedgerAudit } from './ledger/ledger-store.ts'
import { createAnnouncer } from './notices/create-announcer.ts'
import { listPayouts, type OrderResult, orderPayout } from './payouts/payout-store.ts'
import { readPayoutTerms } from './payouts/payout-terms.ts'
import { keptFor } from './platform/kept-for.ts'
import { logToConsole } from './platform/log.ts'
import { createReceiptDeps } from './receipt-deps.ts'
import { readOwnPaths } from './reserves/own-paths.ts'
import { publishReserves } from './reserves/publish-reserves.ts'
import { makeReserveKeys } from './reserves/reserve-keys.ts'
import {
  deleteLeavesBefore,
  findDocument,
  findProofForPaths,
  insertProof,
  listOwnLedgerIds,
  listProofs,
  readLeaves,
  readLedgerMoment,
} from './reserves/reserve-store.ts'
import { toFriendlyAddress } from './ton/address.ts'
import { hashExternalMessage } from './ton/external-message.ts'
import { hotWalletAddress } from './ton/hot-wallet-address.ts'
import { readSeed } from './ton/read-seed.ts'
import { createToncenterChain } from './ton/toncenter-chain.ts'
import { proofDomain } from './wallets/proof-domain.ts'
import { checkProof, type TonProof } from './wallets/ton/check-proof.ts'
import { readPublicKey } from './wallets/ton/read-public-key.ts'
import {
  bindProvenWallet,
  cancelWalletChange,
  issueNonce,
  NONCE_BYTES,
  readWallet,
  settleWalletChanges,
} from './wallets/wallet-store.ts'

/** How often one account may ask how far its top-up is. */
const LOOKS_PER_MINUTE = 60

export type MoneyDeps = ReturnType<typeof createMoneyDeps>

/** The functions of money beyond the price of a chat: what `env` has of TON, wallets, payouts, earnings, proofs. */
export function createMoneyDeps(env: Cloudflare.Env) {
  const db = connectDb(env.DB)
  const nowMs = Date.now
  const tonNetwork = env.TON_NETWORK === '-3' ? '-3' : '-239'
  const chain = createToncenterChain({ url: env.TONCENTER_URL, apiKey: env.TONCENTER_API_KEY })
  const hotAddress = env.TON_SEED === undefined ? undefined : hotWalletAddress(env.TON_SEED, tonNetwork)
  const announcer = createAnnouncer(env)
  const matureMs = readMatureMs(env.EARNINGS_MATURE_S)
  const terms = readPayoutTerms(env)
  const treasury = () => env.TREASURY.getByName('hot')
  /** Has the treasury look at once. Where that fails its alarm comes a little later. */
  const wake = () =>
    treasury()
      .poke()
      .catch(() => undefined)
  const readState = (address: string) => readEscrowState(chain.runGetMethod, address)
  const jobWindows = { findJobs: (window: Parameters<typeof findJobs>[1]) => findJobs(db, window) }
  const reserveKeys = keptFor(Number.POSITIVE_INFINITY, {
    ask: async () => {
      if (env.TON_SEED === undefined) throw new Error('without TON_SEED there are no reserves')
      return makeReserveKeys(readSeed(env.TON_SEED))
    },
    nowMs,
  })

  return {
    tonNetwork,
    publicUrl: env.PUBLIC_URL,
    explorerUrl: env.TON_EXPLORER_URL,
    walletsListUrl: env.TON_WALLETS_LIST_URL,
    walletScriptUrl: env.TON_WALLET_SCRIPT_URL,

    proofDomain: (origin: string) => proofDomain({ publicUrl: env.PUBLIC_URL, network: tonNetwork, origin }),
    formatAddress: (raw: string) => toFriendlyAddress(raw, tonNetwork),
    checkProof: (proof: TonProof, domain: string) =>
      checkProof(proof, {
        network: tonNetwork,
        domain,
        nowMs: nowMs(),
        readPublicKey: (address) => readPublicKey(chain, address),
      }),
    issueNonce: (accountId: number) =>
      issueNonce(db, {
        accountId,
        nowMs: nowMs(),
        random: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
      }),
    readWallet: (accountId: number) => readWallet(db, accountId, nowMs()),
    bindProvenWallet: (input: { accountId: number; nonce: string; address: string }) =>
      bindProvenWallet(db, { ...input, nowMs: nowMs() }),
    cancelWalletChange: (accountId: number) => cancelWalletChange(db, accountId, nowMs()),
    claimSuspense: (input: { accountId: number; address: string }) =>
      claimSuspense(db, { ...input, nowMs: nowMs() }),
    announce: async (
      accountId: number,
      _kind: 'wallet-changes',
      { address, countsFromMs }: { address: string; countsFromMs: number | undefined },
    ) => {
      const shown = toFriendlyAddress(address, tonNetwork)
      await announcer.announce({
        accountId,
        id: `wallet/${address}/${countsFromMs ?? 'now'}`,
        notice:
          countsFromMs === undefined
            ? { kind: 'wallet-changed', address: shown }
            : { kind: 'wallet-changes', address: shown, fromMs: countsFromMs },
      })
    },

    readMoney: (accountId: number) => readMoney(db, accountId),
    readUsage: (input: Parameters<typeof readUsage>[1]) => readUsage(db, input),
    readStatement: (input: Parameters<typeof readStatement>[1]) => readStatement(db, input),
    matureMs,
    listRunnerEarnings: (accountId: number) => listRunnerEarnings(db, accountId, nowMs()),
    listEarnedJobs: (input: Parameters<typeof listEarnedJobs>[1]) => listEarnedJobs(db, input),
    spendEarnings: (input: { accountId: number; amount: Nano; requestKey: string }) =>
      spendEarnings(db, { ...input, nowMs: nowMs() }),

    payoutTerms: terms,
    readPayoutTerms: async () => ({ ...terms, frozen: (await readFreeze(db)) !== undefined }),
    listPayouts: (page: Parameters<typeof listPayouts>[1]) => listPayouts(db, page),
    orderPayout: async (
      order: Omit<Parameters<typeof orderPayout>[1], 'cause' | 'nowMs'>,
    ): Promise<OrderResult | { readonly ok: false; readonly reason: 'payouts-off' }> => {
      // Without a wallet to pay from the coins would be set aside for ever.
      if (hotAddress === undefined) return { ok: false, reason: 'payouts-off' }
      const ordered = await orderPayout(db, { ...order, cause: 'demand', nowMs: nowMs() }, terms)
      if (ordered.ok) await wake()
      return ordered
    },
    depositInstructions: async (accountId: number) => {
      if (hotAddress === undefined) return undefined
      // Whoever asks is about to pay.
      await wake()
      return depositInstructions({ accountId, hotAddress, network: tonNetwork })
    },
    listDeposits: (page: Parameters<typeof listDeposits>[1]) => listDeposits(db, page),
    hashExternalMessage,
    hasMessage: (hash: string) => chain.hasMessage(hash),
    takeLook: createRateLimit({ perMinute: LOOKS_PER_MINUTE, nowMs }),

    listProofs: () => listProofs(db),
    findDocument: (day: number) => findDocument(db, day),
    readOwnPaths: (own: { day: number; accountId: number }) =>
      readOwnPaths(
        {
          findProofForPaths: (day) => findProofForPaths(db, day),
          listOwnLedgerIds: (accountId) => listOwnLedgerIds(db, accountId),
          readLeaves: (day, ranges) => readLeaves(db, day, ranges),
          reserveKeys,
        },
        own,
      ),

    registerEscrow: (accountId: number, request: Parameters<typeof registerEscrow>[2]) =>
      registerEscrow(
        {
          deriveEscrowAddress: (escrowTerms) =>
            hotAddress === undefined
              ? ''
              : deriveEscrowAddress({ payee: hotAddress, networkId: Number(tonNetwork) }, escrowTerms),
          readEscrowState: readState,
          addEscrow: (escrow) => addEscrow(db, { ...escrow, nowMs: nowMs() }),
        },
        accountId,
        request,
      ),
    acceptVoucher: (voucher: Parameters<typeof acceptVoucher>[1]) =>
      acceptVoucher(
        {
          findEscrow: (address) => findEscrow(db, address),
          readEscrowState: readState,
          keepVoucher: (kept) => keepVoucher(db, kept),
        },
        voucher,
      ),
    listEscrows: (accountId: number) => listEscrows(db, accountId),

    /** What a clock does with money, each minute: each step on its own, so that one that fails holds up no other. */
    tendMoney: async (scheduledMs: number) => {
      const steps: Readonly<Record<string, () => Promise<unknown>>> = {
        'treasury-kept-alive': () => treasury().keepAlive(),
        'wallets-settled': () => settleWalletChanges(db, nowMs()),
        'earnings-matured': () =>
          matureEarnings({
            ...jobWindows,
            readCursor: () => readCursor(db, 'matured'),
            takeWindow: (window) => matureWindow(db, window, nowMs()),
            matureMs,
            nowMs,
            log: logToConsole,
          }),
        'usage-summed': () =>
          sumUsage({
            ...jobWindows,
            readCursor: () => readCursor(db, 'summed'),
            takeWindow: (window) => sumWindow(db, window),
            nowMs,
          }),
        'ledger-checked': () =>
          checkLedger({
            readAudit: (depth) => readLedgerAudit(db, { depth }),
            freezePayouts: (reason) => freezePayouts(db, reason, nowMs()),
            // By the clock's own minute: once in an hour it looks at everything.
            nowMs: () => scheduledMs,
            log: logToConsole,
          }),
        'reserves-published': async () =>
          env.TON_SEED !== undefined &&
          publishReserves({
            nowMs,
            log: logToConsole,
            network: tonNetwork,
            findDocument: (day) => findDocument(db, day),
            readLedgerMoment: () => readLedgerMoment(db),
            reserveKeys,
            insertProof: (proof) => insertProof(db, proof),
            deleteLeavesBefore: (old) => deleteLeavesBefore(db, old),
          }),
        'receipts-built': () => createReceiptDeps(env).buildReceiptDay(),
      }
      for (const [step, run] of Object.entries(steps)) {
        await run().catch((error: unknown) =>
          logToConsole('money-step-failed', { step, error: error instanceof Error ? error.name : '' }),
        )
      }
    },
  }
}
