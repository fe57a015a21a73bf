import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from '@ton/core'
import { CommandError } from './command-error.ts'

/** The parts of toncenter's API v3 that the scripts use. `url` has no path; without a key it answers once a second. */
export type Toncenter = {
  /** Numbers of a get method's answer; undefined when there is no such contract or method. */
  readonly runGetMethod: (address: Address, method: string) => Promise<readonly bigint[] | undefined>
  readonly readAccount: (
    address: Address,
  ) => Promise<{ readonly balance: bigint; readonly isActive: boolean }>
  /** The chain's clock, Unix seconds. */
  readonly readNowS: () => Promise<number>
  /** Sends an external message, a base64 BOC. What it answers says nothing about what will happen. */
  readonly send: (boc: string) => Promise<void>
}

const TRIES_MAX = 5
const RETRY_AFTER_MS = 1_200
const ANSWER_TIMEOUT_MS = 20_000

export function createToncenter({ url, apiKey }: { url: string; apiKey?: string | undefined }): Toncenter {
  const base = readBase(url)
  const ask = async (path: string, body?: unknown): Promise<{ status: number; json: unknown }> => {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${base}/api/v3/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'content-type': 'application/json',
          ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      }).catch(() => undefined)
      const isBusy = response === undefined || response.status === 429 || response.status >= 502
      if (response?.status === 401 || response?.status === 403) {
        throw new CommandError(
          `${base} refuses to answer. Check --api-key, or give another one with --toncenter.`,
        )
      }
      if (!isBusy) return { status: response.status, json: await response.json().catch(() => undefined) }
      if (attempt === TRIES_MAX) {
        throw new CommandError(
          `${base} does not answer. Try again later, or give another one with --toncenter.`,
        )
      }
      await sleep(RETRY_AFTER_MS)
    }
  }
  return {
    runGetMethod: async (address, method) => {
      const { json } = await ask('runGetMethod', { address: address.toRawString(), method, stack: [] })
      const { exit_code: exitCode, stack } = Object(json) as { exit_code?: unknown; stack?: unknown }
      if ((exitCode !== 0 && exitCode !== 1) || !Array.isArray(stack)) return undefined
      return stack.flatMap((item) => (item?.type === 'num' ? [toBigInt(item.value)] : []))
    },
    readAccount: async (address) => {
      const query = `accountStates?address=${encodeURIComponent(address.toRawString())}&include_boc=false`
      const { json } = await ask(query)
      const account = Object(json).accounts?.[0]
      return { balance: BigInt(account?.balance ?? 0), isActive: account?.status === 'active' }
    },
    readNowS: async () => {
      const { json } = await ask('masterchainInfo')
      const nowS = Number(Object(json).last?.gen_utime)
      return Number.isFinite(nowS) ? nowS : Math.floor(Date.now() / 1000)
    },
    send: async (boc) => {
      await ask('message', { boc })
    },
  }
}

function readBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new CommandError(`--toncenter is a URL like https://toncenter.com, not ${text}.`)
  }
  return url.href.replace(/\/(api\/v[23]\/?)?$/, '')
}

function toBigInt(text: unknown): bigint {
  const value = String(text)
  return value.startsWith('-') ? -BigInt(value.slice(1)) : BigInt(value)
}
