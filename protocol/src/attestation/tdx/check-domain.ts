import { isZero, littleEndianBits } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import type { TdReport } from './quote.ts'

/** Bits of TD_ATTRIBUTES (Intel TDX module base architecture, table "ATTRIBUTES"). */
const DEBUG = 1n << 0n
const SEPT_VE_DISABLE = 1n << 28n
const PROTECTION_KEYS = 1n << 30n
const KEY_LOCKER = 1n << 31n
const PERFMON = 1n << 63n
/** Any other bit is reserved, or lets something outside reach in (migration, profiling). */
const KNOWN = DEBUG | SEPT_VE_DISABLE | PROTECTION_KEYS | KEY_LOCKER | PERFMON
/** Extended features that a domain must have (x87, SSE), and may have. */
const XFAM_FIXED_1 = 0x3n
const XFAM_FIXED_0 = 0x6dbe7n

/** Checks what a trust domain may do, and what may be done to it: no debugging, no reserved bit, no service domain. */
export function checkDomain(td: TdReport): Checked<true> {
  const attributes = littleEndianBits(td.attributes)
  const xfam = littleEndianBits(td.xfam)
  const inputs = { attributes: toHex(td.attributes), xfam: toHex(td.xfam) }
  if ((attributes & DEBUG) !== 0n) return refuse('td-debug', inputs)
  // Without it the host can make pages vanish and see how the guest copes.
  if ((attributes & SEPT_VE_DISABLE) === 0n) return refuse('td-sept-ve', inputs)
  if ((attributes & ~KNOWN) !== 0n) return refuse('td-reserved', inputs)
  if ((xfam & XFAM_FIXED_1) !== XFAM_FIXED_1 || (xfam & ~XFAM_FIXED_0) !== 0n)
    return refuse('td-xfam', inputs)
  if (td.serviceTd && !isZero(td.serviceTd)) return refuse('td-service', inputs)
  return accept(true, inputs)
}
