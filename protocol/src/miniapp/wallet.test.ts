import { expect, test } from 'vitest'
import type { MoneyJson } from '../billing/balance.ts'
import type { DepositInstructionsJson, DepositListJson } from '../billing/deposits.ts'
import type { EarningsJson } from '../billing/earnings.ts'
import type { PayoutJson, PayoutListJson } from '../billing/payouts.ts'
import type { TransferPageJson } from '../billing/transfers.ts'
import type { TonJson } from '../wallets/ton.ts'
import type { WalletJson, WalletNonce } from '../wallets/wallet.ts'
import {
  accrualViewSchema,
  boundWalletSchema,
  depositsViewSchema,
  depositWaySchema,
  moneyViewSchema,
  nonceViewSchema,
  orderedPayoutSchema,
  payoutsViewSchema,
  statementViewSchema,
  tonViewSchema,
} from './wallet.ts'

const MONEY: MoneyJson = {
  account: 9_007_199_254,
  available_nano: '9007199254740991',
  available_ton: '9007199 TON',
  held_nano: '0',
  held_ton: '0 TON',
  withdrawable_nano: '1',
  withdrawable_ton: '',
  accruing_nano: '2',
  accruing_ton: '',
  payable_nano: '3',
  payable_ton: '',
}
const WAY: DepositInstructionsJson = {
  network: '-3',
  address: 'kQ',
  comment: 'c',
  body: 'b',
  link: 'ton://',
  minimum_nano: '1000000',
}
const DEPOSITS: DepositListJson = {
  data: [
    { id: '7:ab', sender: '0:1', amount_nano: '5', amount_ton: '', via: 'tag', state: 'claimed', at: 1 },
  ],
  next_cursor: 'x',
}
const PAYOUT: PayoutJson = {
  id: 'po_1',
  source: 'earnings',
  cause: 'automatic',
  destination: '0:1',
  amount_nano: '5',
  amount_ton: '',
  fee_nano: '0',
  state: 'queued',
  reason: null,
  transaction: null,
  created_at: 1,
  ended_at: null,
}
const PAYOUTS: PayoutListJson = {
  data: [PAYOUT],
  next_cursor: null,
  terms: { minimum_nano: '1', fee_nano: '0', automatic_from_nano: '2', frozen: true },
}
const TON: TonJson = {
  network: '-239',
  explorer_url: null,
  wallets_list_url: null,
  wallet_script_url: null,
}
const NONCE: WalletNonce = { nonce: 'n', expires_at: 5 }
const WALLET: WalletJson = {
  network: '-3',
  wallet: { address: '0:1', friendly: 'kQ1', proven_at: 1 },
  next: { address: '0:2', friendly: 'kQ2', counts_from: 2 },
}
const LINES: TransferPageJson = {
  data: [
    {
      id: 'm',
      kind: 'mature',
      place: 'earnings',
      amount_nano: '-9007199254740991',
      amount_ton: '',
      counterpart: 'Earnings of attic',
      subject: 'attic',
      at_ms: 1,
    },
  ],
  next_cursor: null,
}
const EARNINGS: EarningsJson = {
  accruing_nano: '1',
  accruing_ton: '',
  payable_nano: '0',
  payable_ton: '',
  matures_after_s: 86_400,
  runners: [],
  jobs: [],
}

test.each([
  ['/v1/balance', moneyViewSchema, MONEY],
  ['/v1/deposit', depositWaySchema, WAY],
  ['/v1/deposits', depositsViewSchema, DEPOSITS],
  ['/v1/payouts', payoutsViewSchema, PAYOUTS],
  ['POST /v1/payouts', orderedPayoutSchema, PAYOUT],
  ['/v1/ton', tonViewSchema, TON],
  ['/api/wallet/nonce', nonceViewSchema, NONCE],
  ['/api/wallet', boundWalletSchema, WALLET],
  ['/api/wallet without a wallet', boundWalletSchema, { network: '-3', wallet: null, next: null }],
  ['/v1/transfers', statementViewSchema, LINES],
  ['/v1/earnings', accrualViewSchema, EARNINGS],
])('the wallet page reads what %s answers', (_, schema, answer) => {
  expect(schema.safeParse(answer).success).toBe(true)
  expect(answer).toMatchObject(schema.parse(answer))
})

test('an answer that lost its amounts is not read as nothing', () => {
  expect(moneyViewSchema.safeParse({ ...MONEY, payable_nano: 3 }).success).toBe(false)
  expect(statementViewSchema.safeParse({ data: [{}], next_cursor: null }).success).toBe(false)
})
