import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Address, type Cell, fromNano } from '@ton/core'
import {
  CLOSE_GAS,
  type EscrowState,
  type EscrowTerms,
  finalizeCloseMessage,
  MAX_CLOSE_DELAY_S,
  parseState,
  parseTermsNumbers,
  requestCloseMessage,
} from '../wrappers/client-escrow.ts'
import { CommandError, runCommand } from './command-error.ts'
import { type OwnerWallet, openOwnerWallet } from './owner-wallet.ts'
import { readAddress } from './read-input.ts'
import { createToncenter, type Toncenter } from './toncenter.ts'
import { transferLink } from './transfer-link.ts'

const USAGE = `Leaves an escrow: asks to close it, and after the delay takes everything back. Needs no coordinator.

  node contracts/scripts/exit.ts <address of the escrow> [options]

  --toncenter URL        whom to ask about the chain (https://toncenter.com)
  --api-key KEY          key for toncenter, which answers faster then
  --mnemonic-file FILE   sign with the owner's wallet v5r1: its 24 words
  --seed-file FILE       sign with the owner's wallet v5r1: its seed, 64 hex digits
  --wait                 stay until the delay is over, and take everything back

Without a key it prints a link for any wallet app. Run it again after each step: it reads what is.`

const POLL_MS = 5_000
const CHANGE_WAIT_MAX_MS = 60_000
const TESTNET = -3
const MAINNET = -239

/** What the owner can do now. */
type Step =
  | { readonly kind: 'request'; readonly message: Cell }
  | { readonly kind: 'wait'; readonly untilS: number }
  | { readonly kind: 'finalize'; readonly message: Cell }
  | { readonly kind: 'empty' }

type Escrow = {
  readonly address: Address
  readonly terms: EscrowTerms
  readonly state: EscrowState
  readonly balance: bigint
  readonly nowS: number
}

/** The story of `node contracts/scripts/exit.ts`. Prints to `say`. */
export async function exitEscrow(args: readonly string[], say: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      toncenter: { type: 'string', default: 'https://toncenter.com' },
      'api-key': { type: 'string' },
      'mnemonic-file': { type: 'string' },
      'seed-file': { type: 'string' },
      wait: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || positionals.length !== 1) return say(USAGE)
  const address = readAddress('The address of the escrow', positionals[0])
  const toncenter = createToncenter({ url: values.toncenter, apiKey: values['api-key'] })

  let escrow = await readEscrow(toncenter, address)
  const wallet = await openOwnerWallet(toncenter, {
    mnemonicFile: values['mnemonic-file'],
    seedFile: values['seed-file'],
    networkId: escrow.terms.networkId,
  })
  if (wallet) assertOwner(wallet, escrow)
  describe(escrow, say)

  let step = nextStep(escrow)
  if (step.kind === 'request' && wallet) {
    escrow = await carryOut(toncenter, wallet, escrow, step.message, say)
    step = nextStep(escrow)
  }
  if (step.kind === 'wait' && values.wait) {
    escrow = await waitFor(toncenter, escrow, step.untilS, say)
    step = nextStep(escrow)
  }
  if (step.kind === 'finalize' && wallet) {
    await carryOut(toncenter, wallet, escrow, step.message, say)
    return say('Done. Everything went back to the owner’s wallet.')
  }
  tellNext(escrow, step, say)
}

async function readEscrow(toncenter: Toncenter, address: Address): Promise<Escrow> {
  const numbers = await toncenter.runGetMethod(address, 'escrow_state')
  const state = numbers && parseState(numbers)
  const terms = state && parseTermsNumbers((await toncenter.runGetMethod(address, 'escrow_terms')) ?? [])
  if (!state || !terms) {
    throw new CommandError(
      `There is no escrow of this version at ${address.toRawString()}. Is the address right, and --toncenter of the same network?`,
    )
  }
  const { balance } = await toncenter.readAccount(address)
  return { address, state, terms, balance, nowS: await toncenter.readNowS() }
}

function assertOwner(wallet: OwnerWallet, { terms }: Escrow): void {
  if (wallet.address.equals(terms.owner)) return
  throw new CommandError(
    `The key is of the wallet ${show(wallet.address, terms)}, but only ${show(terms.owner, terms)} can close this escrow.`,
  )
}

function nextStep({ state, balance, nowS }: Escrow): Step {
  if (state.closeAtS === 0) {
    if (balance === 0n) return { kind: 'empty' }
    return { kind: 'request', message: requestCloseMessage({ queryId: 0n }) }
  }
  if (nowS < state.closeAtS) return { kind: 'wait', untilS: state.closeAtS }
  return { kind: 'finalize', message: finalizeCloseMessage({ queryId: 0n }) }
}

function describe({ address, terms, state, balance, nowS }: Escrow, say: (line: string) => void): void {
  say(`Escrow     ${address.toString({ testOnly: terms.networkId === TESTNET })}`)
  say(`Owner      ${show(terms.owner, terms)}`)
  say(`Holds      ${fromNano(balance)} TON`)
  say(`Collected  ${fromNano(state.collected)} TON so far`)
  if (state.closeAtS === 0) say('State      open')
  else if (nowS < state.closeAtS) say(`State      closing, ${inWords(state.closeAtS - nowS)} to go`)
  else say('State      ready to be closed')
  say('')
}

function tellNext({ address, terms, state }: Escrow, step: Step, say: (line: string) => void): void {
  if (step.kind === 'empty') return say('The escrow holds nothing. There is nothing to take back.')
  if (step.kind === 'wait') {
    say(`The close is requested. From ${toDate(step.untilS)} on, run this again to take everything back.`)
    return say('Until then the network can still collect what you signed for, and no more.')
  }
  const days = inWords(Math.min(terms.closeDelayS, MAX_CLOSE_DELAY_S))
  say(
    step.kind === 'request'
      ? `Step 1 of 2: ask to close. The delay of this escrow is ${days}.`
      : `Step 2 of 2: take everything back (collected in all: ${fromNano(state.collected)} TON).`,
  )
  const testOnly = terms.networkId !== MAINNET
  say(`Open this link in the owner's wallet app, or show it as a QR code and scan it:\n`)
  say(`  ${transferLink({ to: address, amount: CLOSE_GAS, body: step.message }, testOnly)}\n`)
  say('Or, in a wallet that asks for each part:')
  say(`  to      ${address.toString({ testOnly })}`)
  say(`  amount  ${fromNano(CLOSE_GAS)} TON (what the network does not use comes back at the end)`)
  say(`  body    ${step.message.toBoc().toString('base64')}  (BOC, base64)`)
  say('\nThen run this again.')
}

/** Sends from the owner's wallet and waits until the contract shows it. */
async function carryOut(
  toncenter: Toncenter,
  wallet: OwnerWallet,
  before: Escrow,
  message: Cell,
  say: (line: string) => void,
): Promise<Escrow> {
  say(before.state.closeAtS === 0 ? 'Asking to close…' : 'Taking everything back…')
  await wallet.send({ to: before.address, amount: CLOSE_GAS, body: message })
  for (let waitedMs = 0; waitedMs < CHANGE_WAIT_MAX_MS; waitedMs += POLL_MS) {
    const now = await readEscrow(toncenter, before.address)
    if (now.state.closeAtS !== before.state.closeAtS) return now
    await sleep(POLL_MS)
  }
  throw new CommandError('The escrow did not change within a minute. Run this again: it reads what is.')
}

async function waitFor(
  toncenter: Toncenter,
  escrow: Escrow,
  untilS: number,
  say: (line: string) => void,
): Promise<Escrow> {
  say(`Waiting until ${toDate(untilS)}. You can stop this and run it again later.`)
  let left = untilS - escrow.nowS
  while (left > 0) {
    await sleep(Math.min(left * 1000, POLL_MS))
    const now = untilS - (await toncenter.readNowS())
    if (inWords(now) !== inWords(left) && now > 0) say(`${inWords(now)} to go`)
    left = now
  }
  return readEscrow(toncenter, escrow.address)
}

function show(address: Address, { networkId }: EscrowTerms): string {
  return address.toString({ bounceable: false, testOnly: networkId === TESTNET })
}

function toDate(unixS: number): string {
  return `${new Date(unixS * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function inWords(seconds: number): string {
  if (seconds >= 172_800) return `${Math.round(seconds / 86_400)} days`
  if (seconds >= 7_200) return `${Math.round(seconds / 3_600)} hours`
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${Math.max(0, seconds)} seconds`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runCommand(() => exitEscrow(process.argv.slice(2), console.log))
}
