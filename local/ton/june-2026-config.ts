import { beginCell, type Cell, Dictionary, type Slice } from '@ton/core'

/**
 * A configuration with the fees of June 2026, from the one that `@ton/sandbox` calls slim.
 *
 * `@ton/sandbox` ships the prices from before April 2026, six times as high, and cannot load the newest
 * configuration whole. So params 18, 20, 21, 24 and 25 are replaced; limits stay as they were. Prices of gas and
 * forwarding are in nano × 2^16, of storage in nano × 2^16 per second. The masterchain's are a sixth of the old
 * ones as well: nothing here runs there.
 */
export function june2026Config(slim: Cell): Cell {
  const params = slim.beginParse().loadDictDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell())
  const change = (id: number, build: (old: Slice) => Cell) => {
    const old = params.get(id)
    if (!old) throw new Error(`the sandbox's configuration has no param ${id}`)
    params.set(id, build(old.beginParse()))
  }
  change(18, () => storagePrices())
  change(20, (old) => gasPrices(old, { flat: 166_667n, price: 109_226_667n }))
  change(21, (old) => gasPrices(old, { flat: 6_667n, price: 4_369_067n })) // 66.67 nano per unit of gas
  change(24, (old) => forwardPrices(old, { lump: 1_666_667n, bit: 109_226_667n, cell: 10_922_666_667n }))
  change(25, (old) => forwardPrices(old, { lump: 66_667n, bit: 4_369_067n, cell: 436_906_667n }))
  return beginCell().storeDictDirect(params).endCell()
}

/** `_ (Hashmap 32 StoragePrices) = ConfigParam 18`: bits cost nothing, a cell 135. */
function storagePrices(): Cell {
  const prices = Dictionary.empty(Dictionary.Keys.Uint(32), Dictionary.Values.BitString(296))
  const one = beginCell()
    .storeUint(0xcc, 8)
    .storeUint(0, 32) // since when
    .storeUint(0, 64) // bit
    .storeUint(135, 64) // cell
    .storeUint(1_000, 64) // bit, masterchain
    .storeUint(500_000, 64) // cell, masterchain
    .endCell()
  prices.set(0, one.beginParse().loadBits(one.bits.length))
  return beginCell().storeDictDirect(prices).endCell()
}

/** `gas_flat_pfx#d1`, then `gas_prices_ext#de` whose limits stay. */
function gasPrices(old: Slice, { flat, price }: { flat: bigint; price: bigint }): Cell {
  expectTag(old, 0xd1)
  const flatLimit = old.loadUintBig(64)
  old.skip(64)
  expectTag(old, 0xde)
  old.skip(64)
  return beginCell()
    .storeUint(0xd1, 8)
    .storeUint(flatLimit, 64)
    .storeUint(flat, 64)
    .storeUint(0xde, 8)
    .storeUint(price, 64)
    .storeSlice(old)
    .endCell()
}

/** `msg_forward_prices#ea`; the shares of the first and the next shard stay. */
function forwardPrices(old: Slice, { lump, bit, cell }: { lump: bigint; bit: bigint; cell: bigint }): Cell {
  expectTag(old, 0xea)
  old.skip(3 * 64)
  return beginCell()
    .storeUint(0xea, 8)
    .storeUint(lump, 64)
    .storeUint(bit, 64)
    .storeUint(cell, 64)
    .storeSlice(old)
    .endCell()
}

function expectTag(slice: Slice, tag: number): void {
  if (slice.loadUint(8) !== tag) throw new Error(`the configuration is not laid out as expected (${tag})`)
}
