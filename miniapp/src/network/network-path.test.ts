import { expect, test } from 'vitest'
import { modelOfPath, pathOfModel } from './network-path.ts'

test.each(['silkworm', 'qwen/qwen3-8b', 'a model:latest', 'النموذج', '100%'])(
  '%s has an address of its own',
  (id) => {
    expect(modelOfPath(pathOfModel(id))).toBe(id)
    expect(pathOfModel(id)).toMatch(/^\/network\/[^/]+$/)
  },
)

test.each(['/network', '/network/', '/'])('%s names no model', (path) => {
  expect(modelOfPath(path)).toBeUndefined()
})

test('an address that the router has read already is read once more without harm', () => {
  expect(modelOfPath('/network/qwen%2Fqwen3-8b')).toBe('qwen/qwen3-8b')
  expect(modelOfPath('/network/100%')).toBe('100%')
  expect(modelOfPath('/network/silkworm/')).toBe('silkworm')
})
