import { describe, expect, test } from 'vitest'
import { FRIEND_ID, GROUP_ID, YOU_ID } from '../../../local/telegram/telegram-state.ts'
import { nano } from '../../../protocol/src/money.ts'
import type { BotDeps } from '../bot-deps.ts'
import { buttonsOf, echo, type Scene, startScene } from '../chat/conduct-fixture.ts'
import { SOME_MONEY } from '../fake-bot-deps.ts'
import { PAYOUT_REFUSALS, type PayoutOrder, type PayoutRefusal } from './money.ts'

const WALLET = 'UQBvW8Z5huBkMJYdnfAEM5JqTNkuWX3diqYENkWsIL0XggGG'
const OTHER = 'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N'
const RICH = {
  ...SOME_MONEY,
  withdrawable: nano(30_000_000n),
  accruing: nano(2_000_000_000n),
  payable: nano(1_234_567_891n),
  wallet: { address: WALLET },
}

describe('/balance', () => {
  test('tells what can be spent, paid out, and is still to come', async () => {
    const scene = await startScene({ deps: { readMoney: async () => ({ ...RICH, held: nano(5_000_000n) }) } })
    scene.telegram.say('/balance')
    const [answer] = await scene.rest(1)
    expect(answer?.text?.split('\n')).toEqual([
      'You have 0.05 TON.',
      'Set aside for answers that are being written: 0.005 TON.',
      'Of it, 0.03 TON came in as Toncoin and can be paid out.',
      'Earned and ready to be paid out: 1.234 TON.',
      'Earned lately, ready later: 2 TON.',
      expect.stringContaining('Welcome credit and Stars are for asking questions here'),
    ])
    expect(buttonsOf(answer)).toEqual(['Top up with Toncoin', 'Top up with Stars', 'Withdraw'])
    expect(scene.violations()).toEqual([])
  })

  test('opens the wallet in the Mini App where Telegram can', async () => {
    const scene = await startScene({ deps: { publicUrl: 'https://sharnaqa.example' } })
    scene.telegram.say('/balance')
    const [answer] = await scene.rest(1)
    expect(answer?.reply_markup?.inline_keyboard[0]).toEqual([
      { text: 'Wallet', web_app: { url: 'https://sharnaqa.example/wallet' } },
    ])
  })

  test.each([
    ['Top up with Toncoin', 'Toncoin cannot be received here yet.'],
    ['Top up with Stars', 'Buy credit for questions with Telegram Stars.'],
    ['Withdraw', 'Coins are sent only to a wallet that you have shown to be yours.'],
  ])('leads on by "%s"', async (button, sentence) => {
    const scene = await startScene()
    scene.telegram.say('/balance')
    const [answer] = await scene.rest(1)
    if (answer) scene.telegram.press(answer, button)
    await scene.rest(2)
    expect(scene.texts()[1]).toContain(sentence)
    expect(scene.violations()).toEqual([])
  })
})

describe('/deposit', () => {
  const deposit = (network: string): Partial<BotDeps> => ({
    depositInstructions: async () => ({ address: WALLET, comment: 'SQ-4K7T', network }),
  })

  test('gives address and comment to copy, and warns of the comment', async () => {
    const scene = await startScene({ deps: deposit('-239') })
    scene.telegram.say('/deposit')
    const [answer] = await scene.rest(1)
    const copied = answer?.entities?.map(({ offset, length }) => answer.text?.slice(offset, offset + length))
    expect(copied).toEqual([WALLET, 'SQ-4K7T'])
    expect(answer?.text).toContain('Do not forget the comment')
    expect(answer?.text).not.toContain('test network')
    const copies = answer?.reply_markup?.inline_keyboard
      .flat()
      .map((button) => 'copy_text' in button && button.copy_text)
    expect(copies).toEqual([{ text: WALLET }, { text: 'SQ-4K7T' }])
    expect(scene.violations()).toEqual([])
  })

  test('says that the test network is one', async () => {
    const scene = await startScene({ deps: deposit('-3') })
    scene.telegram.say('/deposit')
    await scene.rest(1)
    expect(scene.texts()[0]).toContain('This is the test network')
  })
})

describe('/withdraw', () => {
  type Order = { readonly orders: PayoutOrder[]; readonly deps: Partial<BotDeps> }

  function setupOrders(refusal?: PayoutRefusal): Order {
    const orders: PayoutOrder[] = []
    const orderPayout: BotDeps['orderPayout'] = async (order) => {
      orders.push(order)
      if (refusal) return { ok: false, reason: refusal }
      return { ok: true, payoutId: 'po_1', amount: order.amount, fee: RICH.payoutFee }
    }
    return { orders, deps: { readMoney: async () => RICH, orderPayout } }
  }

  async function ask(scene: Scene) {
    scene.telegram.say('/withdraw')
    const [answer] = await scene.rest(1)
    if (!answer) throw new Error('no answer')
    return answer
  }

  test('shows amounts to the last nano, the fee and the wallet, and a press orders', async () => {
    const { orders, deps } = setupOrders()
    const scene = await startScene({ deps })
    const answer = await ask(scene)
    expect(answer.text).toContain('1.234567891 TON of earnings, 0.03 TON of the balance')
    expect(answer.text).toContain('The fee is 0.005 TON')
    expect(answer.text).toContain(WALLET)
    expect(buttonsOf(answer)).toEqual(['Send 1.229567891 TON of earnings', 'Send 0.025 TON of the balance'])
    scene.telegram.press(answer, 'Send 1.229567891 TON of earnings')
    await scene.telegram.waitFor('the order', () => scene.texts()[0]?.startsWith('Ordered: 1.229567891 TON'))
    await scene.rest(1)
    expect(scene.texts()[0]).toContain('the fee is 0.005 TON')
    expect(buttonsOf(scene.answers()[0])).toEqual([])
    const key = `bot/${YOU_ID}/${answer.message_id}/earnings`
    expect(orders).toEqual([{ accountId: YOU_ID, source: 'earnings', amount: 1_229_567_891n, key }])
    expect(scene.violations()).toEqual([])
  })

  test('two presses are one order, whatever the amount says', async () => {
    const { orders, deps } = setupOrders()
    const scene = await startScene({ deps })
    const answer = await ask(scene)
    scene.telegram.press(answer, 'Send 0.025 TON of the balance')
    scene.telegram.pressData(answer, 'payout:balance-24000000')
    await scene.telegram.waitFor('both', () => orders.length === 2)
    await scene.rest(1)
    expect(new Set(orders.map(({ key }) => key)).size).toBe(1)
    expect(scene.violations()).toEqual([])
  })

  test.each(PAYOUT_REFUSALS)('%s is a sentence', async (refusal) => {
    const { deps } = setupOrders(refusal)
    const scene = await startScene({ deps })
    const answer = await ask(scene)
    scene.telegram.press(answer, 'Send 0.025 TON of the balance')
    const first = answer.text
    await scene.telegram.waitFor('the sentence', () => scene.texts()[0] !== first)
    await scene.rest(1)
    expect(scene.texts()[0]).not.toContain(refusal)
    expect(scene.texts()[0]?.length).toBeGreaterThan(20)
    expect(scene.violations()).toEqual([])
  })

  test('an order that fails says so, and the same press can be made again', async () => {
    const { orders, deps } = setupOrders()
    let isDown = true
    const orderPayout: BotDeps['orderPayout'] = async (order) => {
      if (isDown) throw new Error('down')
      return deps.orderPayout?.(order) ?? { ok: false, reason: 'payouts-off' }
    }
    const scene = await startScene({ deps: { ...deps, orderPayout } })
    const answer = await ask(scene)
    scene.telegram.press(answer, 'Send 0.025 TON of the balance')
    const call = await scene.telegram.waitFor('the sentence', () =>
      scene.telegram.calls.find(({ method }) => method === 'answerCallbackQuery'),
    )
    expect(call.params.text).toContain('That did not work just now.')
    isDown = false
    scene.telegram.press(answer, 'Send 0.025 TON of the balance')
    await scene.telegram.waitFor('the order', () => orders[0])
    await scene.rest(1)
    expect(scene.violations()).toEqual([])
  })

  test.each([
    ['without a wallet', { wallet: undefined }, 'Connect it on the wallet page'],
    ['while payouts are frozen', { frozen: true }, 'Payouts are stopped at the moment'],
    [
      'with too little',
      { payable: nano(24_999_999n), withdrawable: nano(0n) },
      'At least 0.02 TON can be sent at once',
    ],
  ])('%s there is nothing to press', async (_what, change, sentence) => {
    const scene = await startScene({ deps: { readMoney: async () => ({ ...RICH, ...change }) } })
    const answer = await ask(scene)
    expect(answer.text).toContain(sentence)
    expect(buttonsOf(answer)).toEqual([])
    expect(scene.violations()).toEqual([])
  })

  test('waits while another wallet is to take its place, and can keep the old one', async () => {
    const wallet = { address: WALLET, nextAddress: OTHER, nextFromMs: Date.UTC(2026, 10, 23, 9, 30) }
    const scene = await startScene({ deps: { readMoney: async () => ({ ...RICH, wallet }) } })
    const answer = await ask(scene)
    expect(answer.text).toContain(
      `wait until Nov 23, 2026, 09:30 UTC: then they go to the new wallet, ${OTHER}`,
    )
    expect(buttonsOf(answer)).toEqual(['This was not me: keep my wallet'])
  })

  test('is between the two of us: a group sees no amounts, and its buttons order nothing', async () => {
    const { orders, deps } = setupOrders()
    const scene = await startScene({ deps })
    scene.telegram.say({ chat: GROUP_ID, text: '/withdraw@sharnaqa_bot' })
    const [pointer] = await scene.rest(1, GROUP_ID)
    expect(pointer?.text).not.toContain('TON')
    if (pointer) scene.telegram.pressData(pointer, 'payout:earnings-1234567891', { from: FRIEND_ID })
    await scene.telegram.waitFor('the answer', () =>
      scene.telegram.calls.some(({ method }) => method === 'answerCallbackQuery'),
    )
    await scene.rest(1, GROUP_ID)
    expect(orders).toEqual([])
  })
})

describe('a notice', () => {
  const amount = nano(1_500_000_000n)

  test('comes to the private chat, in the person’s language, once', async () => {
    const scene = await startScene()
    scene.telegram.setLanguage(YOU_ID, 'ru')
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.tell('dep/1', { kind: 'deposit-credited', amount })
    scene.tell('dep/1', { kind: 'deposit-credited', amount })
    await scene.rest(2)
    scene.tell('dep/1', { kind: 'deposit-credited', amount })
    await scene.restart()
    scene.tell('dep/1', { kind: 'deposit-credited', amount })
    scene.tell('dep/2', { kind: 'payout-failed', amount })
    await scene.rest(3)
    expect(scene.texts().slice(1)).toEqual([
      'Пришло 1.5 TON, монеты на вашем балансе.',
      expect.stringContaining('Вывод 1.5 TON не прошёл.'),
    ])
    expect(scene.violations()).toEqual([])
  })

  test('keeps Telegram’s pace and outlasts its errors', async () => {
    const scene = await startScene({ rateLimits: 'strict' })
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.telegram.addFault({ type: 'too-many', method: 'sendMessage', retryAfterS: 3, times: 2 })
    scene.telegram.addFault({ type: 'server-error', method: 'sendMessage', times: 12 })
    for (const id of ['a', 'b', 'c']) scene.tell(id, { kind: 'deposit-credited', amount })
    await scene.rest(4)
    expect(scene.answers()).toHaveLength(4)
    expect(scene.violations()).toEqual([])
  })

  test('whose sending was lost is not sent again', async () => {
    const scene = await startScene()
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.telegram.addFault({ type: 'lose-reply', method: 'sendMessage' })
    scene.tell('a', { kind: 'deposit-credited', amount })
    await scene.rest(2)
    await scene.restart()
    await scene.rest(2)
    expect(scene.answers()).toHaveLength(2)
    expect(scene.violations()).toEqual([])
  })

  test('to somebody who blocked the bot, or never wrote to it, ends in silence', async () => {
    const scene = await startScene()
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.telegram.block()
    await scene.rest(1)
    scene.tell('a', { kind: 'deposit-credited', amount })
    scene.tell('b', { kind: 'deposit-credited', amount }, FRIEND_ID)
    await scene.rest(1)
    expect(scene.answers()).toHaveLength(1)
    expect(scene.answers(FRIEND_ID)).toEqual([])
    expect(scene.violations()).toEqual([])
  })

  test('does not disturb an answer that is being written', async () => {
    const scene = await startScene({ model: echo })
    scene.telegram.say('hello')
    scene.tell('a', { kind: 'deposit-credited', amount })
    await scene.rest(2)
    expect(scene.texts().toSorted()).toEqual(['1.5 TON arrived and are on your balance.', 'You said: hello'])
    expect(scene.violations()).toEqual([])
  })

  test('of a payout leads to the transaction', async () => {
    const scene = await startScene()
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.tell('a', { kind: 'payout-sent', amount, url: 'https://tonviewer.com/transaction/ab' })
    scene.tell('b', { kind: 'payout-sent', amount, url: 'http://127.0.0.1:8082/tx/ab' })
    const [, far, near] = await scene.rest(3)
    expect(buttonsOf(far)).toEqual(['See the transaction'])
    expect(buttonsOf(near)).toEqual([])
  })

  test.each([
    [true, 'Your wallet stays as it was.'],
    [false, 'There is no change of wallet that could be stopped.'],
  ])('of a new wallet can be answered with no (%s)', async (isKept, sentence) => {
    const asked: number[] = []
    const cancelWalletChange = async (accountId: number) => {
      asked.push(accountId)
      return isKept
    }
    const scene = await startScene({ deps: { cancelWalletChange } })
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.tell('w', { kind: 'wallet-changes', address: OTHER, fromMs: Date.UTC(2026, 10, 23, 9, 30) })
    const [, notice] = await scene.rest(2)
    expect(notice?.text).toContain(`from Nov 23, 2026, 09:30 UTC on: ${OTHER}`)
    if (notice) scene.telegram.press(notice, 'This was not me: keep my wallet')
    await scene.rest(3)
    expect(scene.texts()[2]).toContain(sentence)
    expect(asked).toEqual([YOU_ID])
    expect(scene.violations()).toEqual([])
  })

  test.each([
    [{ kind: 'wallet-changed', address: WALLET } as const, WALLET],
    [{ kind: 'stars-refunded', stars: 1 } as const, '1 Star came back to you.'],
    [{ kind: 'treasury-halted', reason: 'balance-differs' } as const, 'balance-differs'],
  ])('%# says what it is about', async (notice, part) => {
    const scene = await startScene()
    scene.telegram.say('/help')
    await scene.rest(1)
    scene.tell('a', notice)
    await scene.rest(2)
    expect(scene.texts()[1]).toContain(part)
  })
})
