import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fromNano } from '@ton/core'
import type { RegisterEscrowRequest } from '../../protocol/src/escrow/escrows.ts'
import { registrationText, voucherBytes } from '../../protocol/src/escrow/voucher.ts'
import { nano } from '../../protocol/src/money.ts'
import { parseState, parseTermsNumbers } from '../wrappers/client-escrow.ts'
import { CommandError, runCommand } from './command-error.ts'
import { readAddress, readSecretFile, readTon, readWhole } from './read-input.ts'
import { openSessionKey } from './session-key.ts'
import { createToncenter } from './toncenter.ts'

const USAGE = `Pays from an escrow: tells the network that it is yours, and signs how much of it may be collected.

  node contracts/scripts/voucher.ts register <address of the escrow> --account <your account's number> [options]
  node contracts/scripts/voucher.ts allow <address of the escrow> --total <TON> [options]

  --total TON              all that the network may have collected since the escrow exists, this included
  --session-key-file FILE  the key that deploy.ts made (escrow-session.key)
  --coordinator URL        where to send it; without it the request is printed and not sent
  --api-key-file FILE      your API key (sk-shq-…), with --coordinator
  --toncenter URL          whom to ask about the chain (https://toncenter.com)`

/** The story of `node contracts/scripts/voucher.ts`. Prints to `say`. */
export async function signForEscrow(args: readonly string[], say: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      account: { type: 'string' },
      total: { type: 'string' },
      'session-key-file': { type: 'string', default: 'escrow-session.key' },
      coordinator: { type: 'string' },
      'api-key-file': { type: 'string' },
      toncenter: { type: 'string', default: 'https://toncenter.com' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [command, place] = positionals
  if (values.help || positionals.length !== 2 || (command !== 'register' && command !== 'allow'))
    return say(USAGE)
  const address = readAddress('The address of the escrow', place)
  const raw = address.toRawString()
  const key = openSessionKey(values['session-key-file'])
  const toncenter = createToncenter({ url: values.toncenter })
  const state = parseState((await toncenter.runGetMethod(address, 'escrow_state')) ?? [])
  const terms = parseTermsNumbers((await toncenter.runGetMethod(address, 'escrow_terms')) ?? [])
  if (!state || !terms) throw new CommandError(`There is no escrow of this version at ${raw}.`)
  if (terms.sessionKey.toString('hex') !== key.publicKey) {
    throw new CommandError(`${values['session-key-file']} is not the session key of this escrow.`)
  }

  const send = (path: string, body: unknown) =>
    post({ coordinator: values.coordinator, keyFile: values['api-key-file'], path, body }, say)
  if (command === 'register') {
    const accountId = readWhole('--account', values.account ?? '', { min: 1, max: Number.MAX_SAFE_INTEGER })
    const text = new TextEncoder().encode(registrationText({ address: raw, accountId }))
    const body = {
      address: raw,
      terms: {
        owner: terms.owner.toRawString(),
        session_key: key.publicKey,
        close_delay_seconds: terms.closeDelayS,
        day_cap_nano: terms.dayCap.toString(),
        salt: terms.salt,
      } satisfies Record<keyof RegisterEscrowRequest['terms'], unknown>,
      signature: key.sign(text),
    }
    return send('/v1/escrows', body)
  }
  const total = readTon('--total', values.total)
  if (state.term === 0n) throw new CommandError('The escrow is closed. Send coins to it first.')
  if (total <= state.collected) {
    throw new CommandError(`${fromNano(state.collected)} TON were collected already: --total must be more.`)
  }
  if (total > state.collected + state.available) {
    throw new CommandError(
      `The escrow holds ${fromNano(state.available)} TON that can be collected: sign for less.`,
    )
  }
  const signature = key.sign(voucherBytes({ address: raw, term: state.term, cumulative: nano(total) }))
  await send(`/v1/escrows/${raw}/vouchers`, { cumulative_nano: total.toString(), signature })
}

async function post(
  request: {
    readonly coordinator: string | undefined
    readonly keyFile: string | undefined
    readonly path: string
    readonly body: unknown
  },
  say: (line: string) => void,
): Promise<void> {
  const { coordinator, keyFile, path, body } = request
  if (coordinator === undefined) {
    say(`POST ${path}`)
    return say(JSON.stringify(body, null, 2))
  }
  if (!URL.canParse(coordinator)) throw new CommandError(`--coordinator is a URL, not ${coordinator}.`)
  if (keyFile === undefined) throw new CommandError('Give your API key with --api-key-file.')
  const response = await fetch(new URL(path, coordinator), {
    method: 'POST',
    headers: { authorization: `Bearer ${readSecretFile(keyFile)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined)
  if (!response) throw new CommandError(`${coordinator} does not answer.`)
  const answer = Object(await response.json().catch(() => undefined))
  if (!response.ok)
    throw new CommandError(answer.error?.message ?? `The coordinator answered ${response.status}.`)
  say(`Done. ${fromNano(answer.allowed_nano ?? '0')} TON allowed in all.`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runCommand(() => signForEscrow(process.argv.slice(2), console.log))
}
