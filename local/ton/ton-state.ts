import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import type { SavedTransaction } from './chain-log.ts'
import type { ChainSnapshot } from './sandbox-chain.ts'

/** All that outlives a restart. `walletSeed` is the development wallet's, 64 hex digits. */
export type TonState = { readonly walletSeed: string; readonly chain: ChainSnapshot }

export type TonStateFile = {
  /** The state of the last run; undefined on the first. Throws when the file is not ours. */
  readonly load: () => TonState | undefined
  readonly save: (state: TonState) => void
}

type Saved = {
  readonly version: 1
  readonly walletSeed: string
  readonly chain: Omit<ChainSnapshot, 'log'>
  readonly logBytes: number
}

/**
 * Keeps the state in `file` and the transactions in `file.log`, to which they are only ever added.
 *
 * The log is written first and the file, which says how much of the log counts, replaces its elder in one step: a kill
 * at any moment leaves a whole state, the old or the new. The coordinator's ledger halts when a chain forgets.
 */
export function openTonState(file: string): TonStateFile {
  const logFile = `${file}.log`
  let written = 0
  let logBytes = 0
  return {
    load: () => {
      const text = readIfThere(file)
      if (text === undefined) {
        writeFileSync(logFile, '', { mode: 0o600 })
        return undefined
      }
      const saved = JSON.parse(text) as Saved
      if (saved.version !== 1) {
        throw new Error(`${file} was written by another version; delete it to start anew`)
      }
      truncateSync(logFile, saved.logBytes) // what a kill left half written
      const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1)
      written = lines.length
      logBytes = saved.logBytes
      const log = lines.map((line) => JSON.parse(line) as SavedTransaction)
      return { walletSeed: saved.walletSeed, chain: { ...saved.chain, log } }
    },
    save: ({ walletSeed, chain: { log, ...chain } }) => {
      const added = log
        .slice(written)
        .map((one) => `${JSON.stringify(one)}\n`)
        .join('')
      appendFileSync(logFile, added, { mode: 0o600 })
      written = log.length
      logBytes += Buffer.byteLength(added)
      const saved: Saved = { version: 1, walletSeed, chain, logBytes }
      writeFileSync(`${file}.new`, JSON.stringify(saved), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // the first run: there is nothing to read yet
  }
}
