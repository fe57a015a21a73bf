import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { openIndexedStore } from '../../chat/store/indexed-store.ts'
import { deleteDatabase, wipeDevice } from './wipe-device.ts'

function setup() {
  const cleared: string[] = []
  const storage = (name: string) => ({ clear: () => void cleared.push(name) })
  return { cleared, deps: { local: storage('local'), session: storage('session'), deleteDatabase } }
}
const CONVERSATION = { id: 'c1', title: 'x', isNamed: false, createdAtMs: 1, updatedAtMs: 1 }

test("a person's conversations go, also while the app has them open; another person's stay", async () => {
  for (const person of ['42', '43']) {
    const store = await openIndexedStore(person)
    await store.write({ conversation: CONVERSATION })
  }
  const { cleared, deps } = setup()
  await wipeDevice(deps, '42')
  expect(await (await openIndexedStore('42')).readConversations()).toEqual([])
  expect(await (await openIndexedStore('43')).readConversations()).toHaveLength(1)
  expect(cleared).toEqual(['local', 'session'])
})

test('what the browser forbids keeps nothing else', async () => {
  const { cleared, deps } = setup()
  const local = {
    clear: () => {
      throw new Error('forbidden')
    },
  }
  await wipeDevice({ ...deps, local, deleteDatabase: () => Promise.reject(new Error('no')) }, '42')
  expect(cleared).toEqual(['session'])
})
