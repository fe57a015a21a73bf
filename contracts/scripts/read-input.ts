import { readFileSync } from 'node:fs'
import { Address, toNano } from '@ton/core'
import { CommandError } from './command-error.ts'

/** Reads an address that a person gave, in either form. */
export function readAddress(name: string, text: string | undefined): Address {
  if (text === undefined) throw new CommandError(`${name} is missing.`)
  try {
    const address = Address.parse(text)
    if (address.workChain !== 0) throw new CommandError(`${name} must be in the base chain (0:…).`)
    return address
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(
      `${name} is not a TON address: ${text}. Copy it again; one wrong letter is enough.`,
    )
  }
}

/** Reads an amount in TON. Gives nano. */
export function readTon(name: string, text: string | undefined): bigint {
  if (text === undefined) throw new CommandError(`${name} is missing.`)
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) {
    throw new CommandError(`${name} is an amount in TON, like 1.5, with at most nine digits after the point.`)
  }
  return toNano(text)
}

/** Reads a whole number between two bounds. */
export function readWhole(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new CommandError(`${name} is a whole number from ${min} to ${max}.`)
  return value
}

/** Reads a file that holds a secret. Its content is never shown, also not in errors. */
export function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new CommandError(`The file ${path} cannot be read.`)
  }
}
