import { expect, test } from 'vitest'
import type { Notice } from '../../../bot/src/money/notice.ts'
import { nano } from '../../../protocol/src/money.ts'
import { type AnnounceDeps, announce, announceToOperator, readOperatorId } from './announce.ts'

const NOTICE: Notice = { kind: 'deposit-credited', amount: nano(5n) }
const ABOUT = { accountId: 7, id: 'deposit/1:ab', notice: NOTICE }

function setupDeps(overrides: Partial<AnnounceDeps> = {}) {
  const told: unknown[][] = []
  const logged: string[] = []
  const deps: AnnounceDeps = {
    findTelegramId: async () => 1001,
    tell: async (...given) => {
      told.push(given)
    },
    operatorTelegramId: 42,
    sleep: async () => undefined,
    log: (event) => logged.push(event),
    ...overrides,
  }
  return { deps, told, logged }
}

test('a notice is handed to the person of the account', async () => {
  const { deps, told, logged } = setupDeps()
  await announce(deps, ABOUT)
  expect(told).toEqual([[1001, 'deposit/1:ab', NOTICE]])
  expect(logged).toEqual(['notice-given'])
})

test('nobody is told when the account is gone', async () => {
  const { deps, told } = setupDeps({ findTelegramId: async () => undefined })
  await announce(deps, ABOUT)
  expect(told).toEqual([])
})

test('a conversation that is away for a moment is tried again', async () => {
  let tries = 0
  const { deps, logged } = setupDeps({
    tell: async () => {
      tries += 1
      if (tries < 3) throw new Error('the object was reset')
    },
  })
  await announce(deps, ABOUT)
  expect([tries, logged]).toEqual([3, ['notice-given']])
})

test('what cannot be told is logged and stops nobody', async () => {
  const fail = async () => Promise.reject(new Error('away'))
  const { deps, logged } = setupDeps({ findTelegramId: fail, tell: fail })
  await announce(deps, ABOUT)
  await announceToOperator(deps, 'halt/1', { kind: 'treasury-halted', reason: 'gap' })
  expect(logged).toEqual(['notice-lost', 'notice-lost'])
})

test('the operator is told where one is named', async () => {
  const halted: Notice = { kind: 'treasury-halted', reason: 'gap' }
  const { deps, told } = setupDeps()
  await announceToOperator(deps, 'halt/1', halted)
  await announceToOperator({ ...deps, operatorTelegramId: undefined }, 'halt/2', halted)
  expect(told).toEqual([[42, 'halt/1', halted]])
})

test('the operator is a Telegram user or nobody', () => {
  expect([readOperatorId(undefined), readOperatorId(''), readOperatorId('42')]).toEqual([
    undefined,
    undefined,
    42,
  ])
  for (const value of ['x', '-1', '0', '1.5'])
    expect(() => readOperatorId(value)).toThrow('OPERATOR_TELEGRAM_ID')
})
