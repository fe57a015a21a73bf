import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fromNano } from '@ton/core'
import {
  type EscrowTerms,
  escrowAddress,
  escrowStateInit,
  MAX_CLOSE_DELAY_S,
  topUpMessage,
} from '../wrappers/client-escrow.ts'
import { CommandError, runCommand } from './command-error.ts'
import { openOwnerWallet } from './owner-wallet.ts'
import { readAddress, readTon, readWhole } from './read-input.ts'
import { openOrMakeSessionKey } from './session-key.ts'
import { createToncenter } from './toncenter.ts'
import { transferLink } from './transfer-link.ts'

const USAGE = `Opens an escrow: a contract that holds your coins, from which the network takes only what you sign for.
UNAUDITED: put in no more than you can lose.

  node contracts/scripts/deploy.ts --owner <your wallet> --payee <the network's wallet> --amount <TON> [options]

  --session-key-file FILE  key that will sign vouchers; made when the file does not exist (escrow-session.key)
  --delay-hours N          how long you wait when you leave, 24 to 720 (48)
  --day-cap TON            what the network may take per day without your signature (0)
  --salt N                 another number gives another escrow (0)
  --testnet                for the test network
  --toncenter URL          whom to ask about the chain (https://toncenter.com)
  --api-key KEY            key for toncenter
  --mnemonic-file FILE     sign with the owner's wallet v5r1: its 24 words
  --seed-file FILE         sign with the owner's wallet v5r1: its seed, 64 hex digits

Without a key it prints a link for any wallet app.`

/** The story of `node contracts/scripts/deploy.ts`. Prints to `say`. */
export async function deployEscrow(args: readonly string[], say: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      owner: { type: 'string' },
      payee: { type: 'string' },
      amount: { type: 'string' },
      'session-key-file': { type: 'string', default: 'escrow-session.key' },
      'delay-hours': { type: 'string', default: '48' },
      'day-cap': { type: 'string', default: '0' },
      salt: { type: 'string', default: '0' },
      testnet: { type: 'boolean', default: false },
      toncenter: { type: 'string', default: 'https://toncenter.com' },
      'api-key': { type: 'string' },
      'mnemonic-file': { type: 'string' },
      'seed-file': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || args.length === 0) return say(USAGE)
  const owner = readAddress('--owner', values.owner)
  const payee = readAddress('--payee', values.payee)
  const amount = readTon('--amount', values.amount)
  if (amount < AMOUNT_MIN) throw new CommandError(`--amount must be at least ${fromNano(AMOUNT_MIN)} TON.`)
  if (owner.equals(payee)) throw new CommandError('--owner and --payee are the same wallet.')
  const hours = readWhole('--delay-hours', values['delay-hours'], { min: 24, max: MAX_CLOSE_DELAY_S / 3600 })
  const dayCap = readTon('--day-cap', values['day-cap'])
  const salt = readWhole('--salt', values.salt, { min: 0, max: 0xffff_ffff })
  const networkId = values.testnet ? -3 : -239
  const toncenter = createToncenter({ url: values.toncenter, apiKey: values['api-key'] })
  const wallet = await openOwnerWallet(toncenter, {
    mnemonicFile: values['mnemonic-file'],
    seedFile: values['seed-file'],
    networkId,
  })
  if (wallet && !wallet.address.equals(owner)) {
    throw new CommandError(
      `The key is of another wallet than --owner: ${wallet.address.toString({ bounceable: false })}.`,
    )
  }

  const keyFile = values['session-key-file']
  const sessionKey = Buffer.from((await openOrMakeSessionKey(keyFile)).publicKey, 'hex')
  const terms: EscrowTerms = { owner, payee, sessionKey, closeDelayS: hours * 3600, dayCap, networkId, salt }
  const address = escrowAddress(terms)
  const transfer = {
    to: address,
    amount,
    body: topUpMessage({ queryId: 0n }),
    init: escrowStateInit(terms),
  }

  say(`Escrow       ${address.toString({ testOnly: values.testnet })}`)
  say(`Raw          ${address.toRawString()}`)
  say(`Session key  ${keyFile} (keep it: it signs what the network may collect)`)
  say(
    `Leaving      takes ${hours} hours: node contracts/scripts/exit.ts ${address.toString({ testOnly: values.testnet })}\n`,
  )
  if (wallet) {
    say('Sending…')
    await wallet.send(transfer)
    say(`Sent ${fromNano(amount)} TON. The escrow opens with it.`)
  } else {
    say(`Open this link in the owner's wallet app, or show it as a QR code and scan it:\n`)
    say(`  ${transferLink(transfer, values.testnet)}\n`)
  }
  say(
    `Then: node contracts/scripts/voucher.ts register ${address.toRawString()} --session-key-file ${keyFile} …`,
  )
}

/** Less would not outlast the storage reserve and one collect. */
const AMOUNT_MIN = 50_000_000n

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runCommand(() => deployEscrow(process.argv.slice(2), console.log))
}
