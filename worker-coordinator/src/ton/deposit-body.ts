import { beginCell } from '@ton/core'
import { ACCOUNT_CODE_CHARS, parseAccountCode, toAccountCode } from '../deposits/account-code.ts'
import { readCell, readTextComment } from './text-comment.ts'

/** The first 32 bits of a deposit's body from TON Connect: "SHNQ". */
const DEPOSIT_OP = 0x53484e51
const COMMENT_PREFIX = 'sharnaqa:'
/** How much of a comment is kept. */
const COMMENT_CHARS_MAX = 120

/** What a deposit's body says. `tag` and `code` are account ids that it names. */
export type DepositBody = {
  readonly tag: number | undefined
  readonly code: number | undefined
  readonly comment: string | undefined
}

/** The body for a deposit by TON Connect: `op:uint32 account:uint64`, a base64 BOC. */
export function depositTag(accountId: number): string {
  const body = beginCell().storeUint(DEPOSIT_OP, 32).storeUint(accountId, 64).endCell()
  return body.toBoc().toString('base64')
}

/** The comment for a deposit by hand. */
export function depositComment(accountId: number): string {
  return `${COMMENT_PREFIX}${toAccountCode(accountId)}`
}

/** Reads the body of a message that came in (a base64 BOC). Whatever it is, it never throws. */
export function readDepositBody(body: string): DepositBody {
  const cell = readCell(body)
  if (!cell) return { tag: undefined, code: undefined, comment: undefined }
  const text = readTextComment(cell)
  if (text === undefined) return { tag: readTag(cell), code: undefined, comment: undefined }
  return { tag: undefined, code: findCode(text), comment: cutComment(text) }
}

function readTag(cell: NonNullable<ReturnType<typeof readCell>>): number | undefined {
  try {
    const slice = cell.beginParse()
    if (slice.remainingBits < 96 || slice.loadUint(32) !== DEPOSIT_OP) return undefined
    const id = slice.loadUintBig(64)
    return id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : undefined
  } catch {
    return undefined // an exotic cell
  }
}

const CODES = new RegExp(`sharnaqa\\s*:\\s*([0-9a-z]{${ACCOUNT_CODE_CHARS}})(?![0-9a-z])`, 'gi')

/** The one account that a text names, wherever in it. Two different ones name nobody. */
function findCode(text: string): number | undefined {
  const found = new Set(
    [...text.matchAll(CODES)]
      .map(([, code]) => parseAccountCode(code ?? ''))
      .filter((id) => id !== undefined),
  )
  return found.size === 1 ? [...found][0] : undefined
}

/** Cuts between characters, never inside of one, and leaves out what is not text. */
function cutComment(text: string): string | undefined {
  const clean = text.replaceAll(/\p{Cc}/gu, ' ').trim()
  let cut = ''
  for (const char of clean) {
    if (cut.length + char.length > COMMENT_CHARS_MAX) break
    cut += char
  }
  return cut === '' ? undefined : cut
}
