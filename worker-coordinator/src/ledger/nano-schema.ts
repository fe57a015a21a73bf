import { customType } from 'drizzle-orm/sqlite-core'
import { type Nano, nano } from '../../../protocol/src/money.ts'

/**
 * The one place where an amount is a `number`: D1 binds no bigint and rounds integers past 2^53, and `nano` bounds
 * amounts to exactly that.
 */
export const nanoColumn = customType<{ data: Nano; driverData: number }>({
  dataType: () => 'integer',
  toDriver: (amount) => Number(amount),
  fromDriver: (stored) => nano(BigInt(stored)),
})
