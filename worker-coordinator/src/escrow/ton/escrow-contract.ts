import { Address } from '@ton/core'
import { ESCROW_CODE, escrowAddress, parseState } from '../../../../contracts/wrappers/client-escrow.ts'
import type { RegisterEscrowRequest } from '../../../../protocol/src/escrow/escrows.ts'
import type { Chain } from '../../ton/chain.ts'
import type { ReadEscrow } from '../escrow.ts'

/** Hash of the contract's code, hex: what an explorer shows of an escrow of ours. */
export const ESCROW_CODE_HASH = ESCROW_CODE.hash().toString('hex')

/** The address, raw, of an escrow with these terms that pays to `payee` on the network `networkId` (-239 or -3). */
export function deriveEscrowAddress(
  { payee, networkId }: { readonly payee: string; readonly networkId: number },
  terms: RegisterEscrowRequest['terms'],
): string {
  return escrowAddress({
    owner: Address.parseRaw(terms.owner),
    payee: Address.parseRaw(payee),
    sessionKey: Buffer.from(terms.session_key, 'hex'),
    closeDelayS: terms.close_delay_seconds,
    dayCap: terms.day_cap_nano,
    networkId,
    salt: terms.salt,
  }).toRawString()
}

/** Reads an escrow's state. A chain that does not answer is a reason, not a throw. */
export async function readEscrowState(
  runGetMethod: Chain['runGetMethod'],
  address: string,
): Promise<ReadEscrow> {
  try {
    const { exitCode, numbers } = await runGetMethod(address, 'escrow_state')
    const state = exitCode === 0 || exitCode === 1 ? parseState(numbers) : undefined
    return state ? { ok: true, state } : { ok: false, reason: 'not-deployed' }
  } catch {
    return { ok: false, reason: 'chain-silent' }
  }
}
