import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, beginCell, Cell, external, internal, SendMode, storeMessage } from '@ton/core'
import { type KeyPair, keyPairFromSeed, mnemonicToPrivateKey, mnemonicValidate } from '@ton/crypto'
import { WalletContractV5R1 } from '@ton/ton'
import { CommandError } from './command-error.ts'
import { readSecretFile } from './read-input.ts'
import type { Toncenter } from './toncenter.ts'
import type { Transfer } from './transfer-link.ts'

/** A wallet v5r1 whose key was given in a file. */
export type OwnerWallet = {
  readonly address: Address
  /** Signs, sends, and waits until the wallet has used the number. Throws a CommandError after a minute without. */
  readonly send: (transfer: Transfer) => Promise<void>
}

const VALID_FOR_S = 180
const POLL_MS = 2_000
const WAIT_MAX_MS = 60_000
const FEES_MAX = 10_000_000n

/** Opens the wallet of `--mnemonic-file` (24 words) or `--seed-file` (64 hex digits); undefined when neither is given. */
export async function openOwnerWallet(
  toncenter: Toncenter,
  files: {
    readonly mnemonicFile: string | undefined
    readonly seedFile: string | undefined
    readonly networkId: number
  },
): Promise<OwnerWallet | undefined> {
  const keys = await readKeys(files)
  if (!keys) return undefined
  const wallet = WalletContractV5R1.create({
    publicKey: keys.publicKey,
    walletId: { networkGlobalId: files.networkId },
  })
  const readSeqno = async () => Number((await toncenter.runGetMethod(wallet.address, 'seqno'))?.[0] ?? 0n)

  const send = async ({ to, amount, body, init }: Transfer) => {
    const { balance, isActive } = await toncenter.readAccount(wallet.address)
    if (balance < amount + FEES_MAX)
      throw new CommandError('The wallet holds too little to pay for this message.')
    const seqno = isActive ? await readSeqno() : 0
    const message = wallet.createTransfer({
      seqno,
      secretKey: keys.secretKey,
      timeout: (await toncenter.readNowS()) + VALID_FOR_S,
      sendMode: SendMode.PAY_GAS_SEPARATELY,
      messages: [
        internal({ to, value: amount, bounce: !init, body: body ?? Cell.EMPTY, init: init ?? null }),
      ],
    })
    const outer = external({ to: wallet.address, body: message, ...(isActive ? {} : { init: wallet.init }) })
    await toncenter.send(beginCell().store(storeMessage(outer)).endCell().toBoc().toString('base64'))
    for (let waitedMs = 0; waitedMs < WAIT_MAX_MS; waitedMs += POLL_MS) {
      if ((await readSeqno()) > seqno) return
      await sleep(POLL_MS)
    }
    throw new CommandError(
      'The wallet did not send the message within a minute. Run this again: it reads what is.',
    )
  }
  return { address: wallet.address, send }
}

async function readKeys({
  mnemonicFile,
  seedFile,
}: {
  mnemonicFile: string | undefined
  seedFile: string | undefined
}): Promise<KeyPair | undefined> {
  if (mnemonicFile !== undefined && seedFile !== undefined) {
    throw new CommandError('Give --mnemonic-file or --seed-file, not both.')
  }
  if (seedFile !== undefined) {
    const hex = readSecretFile(seedFile)
    if (!/^[0-9a-f]{64}$/i.test(hex)) throw new CommandError(`${seedFile} must hold 64 hex digits.`)
    return keyPairFromSeed(Buffer.from(hex, 'hex'))
  }
  if (mnemonicFile === undefined) return undefined
  const words = readSecretFile(mnemonicFile).toLowerCase().split(/\s+/)
  if (!(await mnemonicValidate(words))) {
    throw new CommandError(`${mnemonicFile} does not hold the words of a TON wallet (24 words).`)
  }
  return mnemonicToPrivateKey(words)
}
