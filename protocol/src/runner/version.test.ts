import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { downFrameSchema } from './down.ts'
import { upFrameSchema } from './up.ts'
import { RUNNER_PROTOCOL_MINIMUM, RUNNER_PROTOCOL_VERSION } from './version.ts'

// Fails when a frame changes shape. Then: raise RUNNER_PROTOCOL_VERSION, add a line to its history, and write the
// new hash here. Runners in the field keep speaking the older version: RUNNER_PROTOCOL_MINIMUM moves only when the
// coordinator can no longer serve them.
test('frames have the shape that this version promises', () => {
  const shape = JSON.stringify([z.toJSONSchema(upFrameSchema), z.toJSONSchema(downFrameSchema)])
  expect(RUNNER_PROTOCOL_VERSION).toBe(2)
  expect(createHash('sha256').update(shape).digest('hex').slice(0, 12)).toMatchInlineSnapshot(
    `"a342eb3c57d6"`,
  )
})
test('the minimum is a version that exists', () => {
  expect(RUNNER_PROTOCOL_MINIMUM).toBeLessThanOrEqual(RUNNER_PROTOCOL_VERSION)
})
