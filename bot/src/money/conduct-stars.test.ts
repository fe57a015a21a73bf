import type { Message } from 'grammy/types'
import { describe, expect, test } from 'vitest'
import { GROUP_ID, YOU_ID } from '../../../local/telegram/telegram-state.ts'
import { buttonsOf, type Scene, type SceneOptions, startScene } from '../chat/conduct-fixture.ts'
import { fakeStarDesk } from './fake-star-desk.ts'

const THANKS = 'Thank you. 250 Stars bought 1.25 TON; you have 1.3 TON.'

async function startShop(options: SceneOptions = {}) {
  const shop = fakeStarDesk()
  const scene = await startScene({ ...options, deps: { stars: shop.desk, ...options.deps } })
  return { ...scene, shop }
}

type Shop = Awaited<ReturnType<typeof startShop>>

/** Asks for a package and gives its invoice: the second message of the bot. */
async function openInvoice(scene: Scene): Promise<Message> {
  scene.telegram.say('/topup')
  const [packages] = await scene.rest(1)
  if (packages) scene.telegram.press(packages, '250 Stars: 1.25 TON')
  const [, invoice] = await scene.rest(2)
  if (!invoice) throw new Error('no invoice')
  return invoice
}

/** Buys, and gives the charge id. */
async function buy(scene: Shop): Promise<string> {
  scene.telegram.pay(await openInvoice(scene))
  await scene.rest(3)
  return scene.telegram.starPayments()[0]?.chargeId ?? ''
}

const answersToCheckout = ({ telegram }: Scene) =>
  telegram.calls.filter(({ method }) => method === 'answerPreCheckoutQuery')

describe('a purchase', () => {
  test('goes from the command to the credit', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    expect(scene.texts()[0]).toContain('cannot be paid out')
    expect(invoice.invoice).toMatchObject({
      title: 'Credit for questions',
      currency: 'XTR',
      total_amount: 250,
      start_parameter: 'topup',
    })
    scene.telegram.pay(invoice)
    await scene.rest(3)
    expect(scene.texts()[2]).toBe(THANKS)
    expect([...scene.shop.payments.values()]).toMatchObject([
      { received: { payerId: YOU_ID, stars: 250, payload: expect.stringMatching(/^1001\.250\.u\d+$/) } },
    ])
    expect(scene.violations()).toEqual([])
  })

  test('that is told twice is credited once and thanked for once', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.telegram.duplicateUpdates(2)
    scene.telegram.pay(invoice)
    await scene.rest(3)
    const paid = scene.telegram.updates.find(({ update }) => update.message?.successful_payment)
    scene.telegram.deliverAgain(paid?.update.update_id ?? 0)
    const again = { ...paid?.update, update_id: 900_000 } as Parameters<Scene['deliver']>[0]
    await scene.deliver(again)
    await scene.rest(3)
    expect(scene.texts().filter((text) => text === THANKS)).toHaveLength(1)
    expect(scene.shop.asked).toEqual(['takePayment'])
  })

  test('is credited although the coordinator fails again and again', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.shop.failures = 6
    scene.telegram.pay(invoice)
    await scene.rest(3)
    expect(scene.texts()[2]).toBe(THANKS)
    expect(scene.shop.asked).toHaveLength(7)
    expect(scene.violations()).toEqual([])
  })

  test('is credited although the process dies before it could be', async () => {
    let isDead = true
    const shop = fakeStarDesk()
    const takePayment: typeof shop.desk.takePayment = (received) =>
      isDead ? new Promise(() => undefined) : shop.desk.takePayment(received)
    const scene = await startScene({ deps: { stars: { ...shop.desk, takePayment } } })
    scene.telegram.pay(await openInvoice(scene))
    const isPaid = () => scene.telegram.updates.some(({ update }) => update.message?.successful_payment)
    await scene.telegram.waitFor('the payment', isPaid)
    await scene.telegram.waitFor('its delivery', () =>
      scene.telegram.updates.every(({ state }) => state === 'delivered'),
    )
    isDead = false
    await scene.restart()
    await scene.rest(3)
    expect(scene.texts()[2]).toBe(THANKS)
    expect(shop.payments.size).toBe(1)
    expect(scene.violations()).toEqual([])
  })

  test('whose thanks were on their way when the process died is not thanked for twice', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.telegram.addFault({ type: 'delay', method: 'sendMessage', delayMs: 300 })
    scene.telegram.pay(invoice)
    await scene.telegram.waitFor('the thanks', () => scene.texts().includes(THANKS))
    await scene.restart()
    await scene.rest(3)
    expect(scene.texts().filter((text) => text === THANKS)).toHaveLength(1)
  })

  test('of somebody who blocks the bot at once is credited, and nothing is said', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.shop.failures = 1
    scene.telegram.pay(invoice)
    await scene.telegram.waitFor('the payment', () => scene.telegram.starPayments()[0])
    scene.telegram.block()
    await scene.telegram.waitFor('the credit', () => scene.shop.payments.size === 1)
    await scene.rest(2)
    expect(scene.violations()).toEqual([])
  })

  test('in a topic is answered in the topic', async () => {
    const scene = await startShop()
    const threadId = scene.telegram.addTopic({ name: 'money' })
    scene.telegram.say({ text: '/topup', threadId })
    const [packages] = await scene.rest(1)
    if (packages) scene.telegram.press(packages, '50 Stars: 0.25 TON')
    const [, invoice] = await scene.rest(2)
    if (invoice) scene.telegram.pay(invoice)
    const messages = await scene.rest(3)
    expect(messages.map((message) => message.message_thread_id)).toEqual([threadId, threadId, threadId])
    expect(scene.violations()).toEqual([])
  })

  test('in Arabic is in Arabic', async () => {
    const scene = await startShop()
    scene.telegram.setLanguage(YOU_ID, 'ar')
    scene.telegram.say('/topup')
    const [packages] = await scene.rest(1)
    const [, button = ''] = buttonsOf(packages)
    expect(button).toContain('250')
    if (packages) scene.telegram.press(packages, button)
    const [, invoice] = await scene.rest(2)
    if (invoice) scene.telegram.pay(invoice)
    await scene.rest(3)
    expect(invoice?.invoice?.title).toBe('رصيد للأسئلة')
    expect(scene.texts()[2]).toContain('شكرًا لك')
    expect(scene.violations()).toEqual([])
  })

  test('begins in private only, and a forwarded invoice leads there', async () => {
    const scene = await startShop()
    scene.telegram.say({ chat: GROUP_ID, text: '/topup@sharnaqa_bot' })
    const [pointer] = await scene.rest(1, GROUP_ID)
    expect(buttonsOf(pointer)).toEqual(['Open our chat'])
    scene.telegram.say('/start topup')
    const [packages] = await scene.rest(1)
    expect(buttonsOf(packages)).toEqual(['50 Stars: 0.25 TON', '250 Stars: 1.25 TON'])
    expect(scene.violations()).toEqual([])
  })

  test('an invoice whose sending was lost is not sent twice', async () => {
    const scene = await startShop()
    scene.telegram.addFault({ type: 'lose-reply', method: 'sendInvoice' })
    await openInvoice(scene)
    await scene.rest(2)
    expect(scene.answers()).toHaveLength(2)
    expect(scene.violations()).toEqual([])
  })

  test('that Telegram does not take is said, and nothing is paid', async () => {
    const scene = await startShop({ unknownMethod: 'sendInvoice' })
    scene.telegram.say('/topup')
    const [packages] = await scene.rest(1)
    if (packages) scene.telegram.press(packages, '250 Stars: 1.25 TON')
    await scene.rest(2)
    expect(scene.texts()[1]).toContain('Nothing was paid')
    expect(scene.violations()).toEqual([])
  })
})

describe('at the checkout', () => {
  test.each([
    ['price-changed', 'The price has changed since this invoice.'],
    ['not-yours', 'This invoice belongs to another account.'],
    ['unknown-invoice', 'This invoice is not one of ours any more.'],
  ] as const)('%s is a sentence, and nothing is paid', async (refusal, sentence) => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.shop.refusal = refusal
    scene.telegram.pay(invoice)
    const [call] = await scene.telegram.waitFor('the answer', () => {
      const calls = answersToCheckout(scene)
      return calls.length > 0 && calls
    })
    await scene.rest(2)
    expect(call?.params.ok).toBe(false)
    expect(call?.params.error_message).toContain(sentence)
    expect(scene.telegram.starPayments()).toEqual([])
    expect(scene.violations()).toEqual([])
  })

  test.each([
    ['hangs', () => new Promise<never>(() => undefined)],
    ['fails', async () => Promise.reject(new Error('down'))],
  ])('a coordinator that %s is a no in time', async (_what, checkOut) => {
    const shop = fakeStarDesk()
    const scene = await startScene({ deps: { stars: { ...shop.desk, checkOut } } })
    scene.telegram.pay(await openInvoice(scene))
    const call = await scene.telegram.waitFor('the answer', () => answersToCheckout(scene)[0])
    await scene.rest(2)
    expect(call.params.error_message).toContain('Nothing was paid')
    expect(scene.violations()).toEqual([])
  })

  test('an answer that does not get through is given again', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.telegram.addFault({ type: 'server-error', method: 'answerPreCheckoutQuery', times: 2 })
    scene.telegram.pay(invoice)
    await scene.rest(3)
    expect(scene.texts()[2]).toBe(THANKS)
    expect(scene.violations()).toEqual([])
  })

  test('an answer whose reply was lost pays once', async () => {
    const scene = await startShop()
    const invoice = await openInvoice(scene)
    scene.telegram.addFault({ type: 'lose-reply', method: 'answerPreCheckoutQuery' })
    scene.telegram.pay(invoice)
    await scene.rest(3)
    expect(scene.telegram.starPayments()).toHaveLength(1)
    expect(scene.violations()).toEqual([])
  })
})

describe('a refund', () => {
  const DONE = '250 Stars are back with you; 1.25 TON left your balance.'

  async function askRefund(scene: Shop): Promise<void> {
    scene.telegram.say('/refund')
    const list = (await scene.rest(4)).at(-1)
    if (list) scene.telegram.press(list, '250 Stars · 1.25 TON · Nov 22, 2026')
  }

  test('gives the Stars back, takes the credit, and says so once', async () => {
    const scene = await startShop()
    await buy(scene)
    const before = scene.telegram.stars()
    await askRefund(scene)
    await scene.rest(5)
    expect(scene.texts()[4]).toBe(DONE)
    expect(scene.telegram.stars()).toBe(before + 250)
    // Telegram tells of it, too: that brings nothing more.
    await scene.telegram.waitFor('the telling', () => scene.shop.asked.includes('takeBack'))
    await scene.rest(5)
    expect(scene.answers()).toHaveLength(5)
    expect(scene.violations()).toEqual([])
  })

  test('that Telegram refuses leaves the credit as it was', async () => {
    const scene = await startShop()
    const chargeId = await buy(scene)
    scene.telegram.withdrawStars(200)
    await askRefund(scene)
    await scene.rest(5)
    expect(scene.texts()[4]).toContain('Your credit is unchanged')
    expect(scene.shop.payments.get(chargeId)?.state).toBe('undone')
    expect(scene.violations()).toEqual([])
  })

  test.each([
    ['whose reply was lost', { type: 'lose-reply', method: 'refundStarPayment' }],
    ['that met errors', { type: 'server-error', method: 'refundStarPayment', times: 4 }],
    ['that came too fast', { type: 'too-many', method: 'refundStarPayment', times: 2, retryAfterS: 1 }],
  ] as const)('%s is made once, in the end', async (_what, fault) => {
    const scene = await startShop()
    const chargeId = await buy(scene)
    const before = scene.telegram.stars()
    scene.telegram.addFault(fault)
    await askRefund(scene)
    await scene.rest(5)
    expect(scene.texts()[4]).toBe(DONE)
    expect(scene.telegram.stars()).toBe(before + 250)
    expect(scene.shop.asked).not.toContain('undoRefund')
    expect(scene.shop.payments.get(chargeId)?.state).toBe('refunded')
    expect(scene.violations()).toEqual([])
  })

  test('on which the process dies is finished by the next one', async () => {
    const scene = await startShop()
    const chargeId = await buy(scene)
    const before = scene.telegram.stars()
    scene.telegram.addFault({ type: 'server-error', method: 'refundStarPayment', times: 3 })
    await askRefund(scene)
    const isTaken = () => scene.shop.payments.get(chargeId)?.state === 'refunded'
    await scene.telegram.waitFor('the ledger', isTaken)
    await scene.restart()
    await scene.rest(5)
    expect(scene.texts()[4]).toBe(DONE)
    expect(scene.telegram.stars()).toBe(before + 250)
    expect(scene.violations()).toEqual([])
  })

  test('pressed twice is made once, and a late press is told so', async () => {
    const scene = await startShop()
    await buy(scene)
    await askRefund(scene)
    await scene.rest(5)
    const list = scene.answers()[3]
    if (list) scene.telegram.press(list, '250 Stars · 1.25 TON · Nov 22, 2026')
    const said = await scene.telegram.waitFor(
      'the sentence',
      () => scene.telegram.calls.filter(({ method }) => method === 'answerCallbackQuery')[2]?.params.text,
    )
    expect(said).toContain('There is no such purchase')
    await scene.rest(5)
    expect(scene.answers()).toHaveLength(5)
    expect(scene.violations()).toEqual([])
  })

  test('by Telegram itself takes the credit and says so', async () => {
    const scene = await startShop()
    const chargeId = await buy(scene)
    scene.shop.failures = 2
    scene.telegram.refundByTelegram(chargeId)
    await scene.rest(4)
    expect(scene.texts()[3]).toMatch(/^Telegram returned 250 Stars to you/)
    expect(scene.shop.payments.get(chargeId)?.state).toBe('refunded')
  })

  test('without a purchase is a sentence', async () => {
    const scene = await startShop()
    scene.telegram.say('/refund')
    await scene.rest(1)
    expect(scene.texts()[0]).toContain('No purchase of the last 21 days')
  })
})

test('/paysupport and /terms say what was bought, how it comes back, and whom to write to', async () => {
  const scene = await startShop({ deps: { supportContact: '@sharnaqa_help' } })
  scene.telegram.say('/paysupport')
  await scene.rest(1)
  scene.telegram.say('/terms')
  await scene.rest(2)
  const [support = '', terms] = scene.texts()
  expect(terms).toBe(support)
  expect(support).toContain('/refund')
  expect(support).toContain('@sharnaqa_help')
  expect(support).toContain('cannot be paid out')
  expect(scene.violations()).toEqual([])
})
