import type { Page } from 'playwright-core'

const ID = 'filled-by-a-test'

/**
 * Puts a long conversation into what the page keeps on the device (its schema is described in chat-store.ts): questions
 * and answers in turn, some with a list, code or a table. The page shows it when it is loaded the next time.
 */
export async function fillConversation(page: Page, messages: number, person = 1001): Promise<void> {
  await page.evaluate(
    `(${inPage})(${JSON.stringify({ id: ID, messages, database: `sharnaqa-chat-${person}` })})`,
  )
}

const inPage = `async ({ id, messages, database }) => {
  const open = indexedDB.open(database)
  const db = await new Promise((resolve, reject) => {
    open.onsuccess = () => resolve(open.result)
    open.onerror = () => reject(open.error)
  })
  const said = [
    'Two slow days by the water. **Saturday:** a late breakfast, then the coral garden.',
    '1. One thing\\n2. Another thing\\n3. A third one, longer than the others by a good deal of words',
    'Here it is:\\n\\n\`\`\`ts\\nexport function twice(value: number): number {\\n  return value * 2\\n}\\n\`\`\`\\n\\nThat is all.',
    '| Model | Price |\\n| --- | --- |\\n| silkworm | 0.00008 |\\n| moth | 0.0009 |',
    'And a longer one. '.repeat(40),
  ]
  const writing = db.transaction(['conversations', 'messages'], 'readwrite')
  const atMs = Date.now() + 1000
  writing.objectStore('conversations').put({ id, title: 'A long talk', isNamed: true, createdAtMs: atMs, updatedAtMs: atMs })
  for (let position = 0; position < messages; position++) {
    const common = { conversation: id, position, atMs: atMs - messages + position }
    writing.objectStore('messages').put(
      position % 2 === 0
        ? { ...common, from: 'person', text: 'Question ' + position }
        : { ...common, from: 'model', text: 'Answer ' + position + '. ' + said[(position >> 1) % said.length], model: 'silkworm', tier: 'open', ending: { how: 'done' }, jobs: [] },
    )
  }
  await new Promise((resolve, reject) => {
    writing.oncomplete = resolve
    writing.onerror = () => reject(writing.error)
  })
  db.close()
}`
