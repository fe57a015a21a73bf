import { expect, test } from 'vitest'
import { createMemoryStorage } from './memory-storage.ts'
import { type SealedStorageOptions, sealStorage } from './sealed-storage.ts'

const SECRET = 'a secret of at least thirty-two characters'
const PROMPT = 'why does my heart race at night?'

function setup(options: Partial<SealedStorageOptions> = {}) {
  const values = new Map<string, unknown>()
  const storage = createMemoryStorage(values)
  const given = { secret: SECRET, conversation: 'one', inClear: [], ...options }
  return { values, storage, sealed: sealStorage(storage, given) }
}

/** Everything that is kept, as somebody with the database would look through it. */
function rawText(values: ReadonlyMap<string, unknown>): string {
  return [...values]
    .map(
      ([key, value]) =>
        key + (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value)),
    )
    .join('\n')
}

test('what is kept comes back, and the storage does not show it', () => {
  const { values, sealed } = setup()
  const memory = [{ role: 'user', text: PROMPT, seq: 1 }]
  sealed.put('memory', memory)
  sealed.put('turn/000000000001', { text: PROMPT })
  sealed.put('turn/000000000002', { text: 'مرحبا 👋' })
  expect(sealed.get('memory')).toEqual(memory)
  expect(sealed.list('turn/')).toEqual([
    ['turn/000000000001', { text: PROMPT }],
    ['turn/000000000002', { text: 'مرحبا 👋' }],
  ])
  expect(rawText(values)).not.toContain('heart')
  expect([...values.keys()]).toEqual(['memory', 'turn/000000000001', 'turn/000000000002'])
  sealed.delete('memory')
  expect(sealed.get('memory')).toBeUndefined()
})

test.each([[true], [0], [''], [null], ['x'], [[]], [{ a: [1, { b: 'c' }] }]])(
  '%j is the same afterwards',
  (value) => {
    const { sealed } = setup()
    sealed.put('key', value)
    expect(sealed.get('key')).toEqual(value)
  },
)

test('the same value twice does not look the same', () => {
  const { values, sealed } = setup()
  sealed.put('a', PROMPT)
  const first = values.get('a')
  sealed.put('a', PROMPT)
  expect(values.get('a')).not.toEqual(first)
})

test('what an older version kept in clear is read, and from then on sealed', () => {
  const { values, storage, sealed } = setup()
  storage.put('memory', [{ text: PROMPT }])
  storage.put('turn/1', { text: PROMPT })
  expect(sealed.get('memory')).toEqual([{ text: PROMPT }])
  expect(sealed.list('turn/')).toEqual([['turn/1', { text: PROMPT }]])
  expect(rawText(values)).not.toContain('heart')
  expect(sealed.get('memory')).toEqual([{ text: PROMPT }])
})

test('a value that was changed anywhere reads as absent', () => {
  const { values, sealed } = setup()
  sealed.put('model', 'large')
  const kept = values.get('model') as Uint8Array
  for (const at of kept.keys()) {
    values.set('model', kept.with(at, (kept[at] ?? 0) ^ 1))
    expect(sealed.get('model'), `byte ${at}`).toBeUndefined()
  }
  for (const length of [0, 1, 28, kept.length - 1]) {
    values.set('model', kept.slice(0, length))
    expect(sealed.get('model'), `${length} bytes`).toBeUndefined()
    expect(sealed.list('model')).toEqual([])
  }
  values.set('model', kept)
  expect(sealed.get('model')).toBe('large')
})

test('a value under another name, of another conversation or under another secret does not open', () => {
  const { values, storage, sealed } = setup()
  sealed.put('memory', PROMPT)
  values.set('last', values.get('memory'))
  expect(sealed.get('last')).toBeUndefined()
  const opened = (options: Partial<SealedStorageOptions>) =>
    sealStorage(storage, { secret: SECRET, conversation: 'one', inClear: [], ...options }).get('memory')
  expect(opened({})).toBe(PROMPT)
  expect(opened({ conversation: 'two' })).toBeUndefined()
  expect(opened({ secret: `${SECRET}!` })).toBeUndefined()
})

test('what is owed outlives a change of the secret: it is kept as it is', () => {
  const { values, sealed } = setup({ inClear: ['errand', 'place'] })
  sealed.put('errand/1', { stars: 5 })
  expect(values.get('errand/1')).toEqual({ stars: 5 })
  expect(sealed.list('errand/')).toEqual([['errand/1', { stars: 5 }]])
})

test.each([undefined, '', 'short'])('without a real secret nothing is kept at all: %j', (secret) => {
  expect(() => setup({ secret })).toThrow('SESSION_KEY')
})
