import { Cell, type TupleItem } from '@ton/core'
import { ToncenterError } from './read-params.ts'

/** The stack of a call as v2 (`["num", "0x1"]`) or v3 (`{type, value}`) writes it. */
export function readStack(entries: unknown): readonly TupleItem[] {
  if (entries === undefined) return []
  if (!Array.isArray(entries)) throw new ToncenterError(422, 'stack must be a list')
  return entries.map((entry: unknown) => {
    if (Array.isArray(entry)) return readItem(String(entry[0]), entry[1])
    const { type, value } = Object(entry) as { type?: unknown; value?: unknown }
    return readItem(String(type), value)
  })
}

function readItem(type: string, value: unknown): TupleItem {
  try {
    if (type === 'num') return { type: 'int', value: readNumber(String(value)) }
    if (type === 'tvm.Cell' || type === 'cell') return { type: 'cell', cell: readCell(value) }
    if (type === 'tvm.Slice' || type === 'slice') return { type: 'slice', cell: readCell(value) }
    if (type === 'tvm.Builder' || type === 'builder') return { type: 'builder', cell: readCell(value) }
    if (type === 'null') return { type: 'null' }
  } catch {
    throw new ToncenterError(422, `the stack's ${type} cannot be read`)
  }
  throw new ToncenterError(422, `the stack holds ${type}, which is not supported`)
}

function readNumber(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
}

function readCell(value: unknown): Cell {
  const text = typeof value === 'string' ? value : (value as { bytes: string }).bytes
  return Cell.fromBase64(text)
}

/** A result as v2 writes it. */
export function writeStackV2(items: readonly TupleItem[]): readonly (readonly [string, unknown])[] {
  return items.map((item) => {
    if (item.type === 'int') return ['num', writeNumber(item.value)]
    if (item.type === 'cell' || item.type === 'slice' || item.type === 'builder') {
      return [item.type === 'builder' ? 'builder' : 'cell', { bytes: writeCell(item.cell) }]
    }
    if (item.type === 'tuple')
      return ['tuple', { '@type': 'tvm.tuple', elements: item.items.map(writeElement) }]
    return ['null', null]
  })
}

/** A result as v3 writes it. */
export function writeStackV3(items: readonly TupleItem[]): readonly { type: string; value: unknown }[] {
  return items.map((item) => {
    if (item.type === 'int') return { type: 'num', value: writeNumber(item.value) }
    if (item.type === 'cell' || item.type === 'slice' || item.type === 'builder') {
      return { type: item.type, value: writeCell(item.cell) }
    }
    if (item.type === 'tuple') return { type: 'tuple', value: writeStackV3(item.items) }
    return { type: 'null', value: null }
  })
}

/** What a tuple holds is written otherwise than what the stack holds. */
function writeElement(item: TupleItem): unknown {
  if (item.type === 'int') {
    return {
      '@type': 'tvm.stackEntryNumber',
      number: { '@type': 'tvm.numberDecimal', number: `${item.value}` },
    }
  }
  if (item.type === 'cell' || item.type === 'builder') {
    return { '@type': 'tvm.stackEntryCell', cell: { '@type': 'tvm.cell', bytes: writeCell(item.cell) } }
  }
  if (item.type === 'slice') {
    return { '@type': 'tvm.stackEntrySlice', slice: { '@type': 'tvm.slice', bytes: writeCell(item.cell) } }
  }
  const elements = item.type === 'tuple' ? item.items.map(writeElement) : []
  return { '@type': 'tvm.stackEntryTuple', tuple: { '@type': 'tvm.tuple', elements } }
}

function writeNumber(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`
}

function writeCell(cell: Cell): string {
  return cell.toBoc().toString('base64')
}
