import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../migrations')
const names = (await readdir(folder)).filter((name) => name.endsWith('.sql'))

// D1 keeps foreign keys on: a table rebuilt by DROP and RENAME empties, by CASCADE, what refers to it.
test.each(names)('%s adds and never rebuilds', async (name) => {
  const sql = (await readFile(join(folder, name), 'utf8')).replaceAll(/^\s*--.*$/gm, '')
  expect(sql).not.toMatch(/DROP\s+TABLE|foreign_keys|RENAME\s+TO|ON\s+DELETE\s+(CASCADE|SET\s+NULL)/i)
})
test('migrations are numbered without a gap', () => {
  expect(names.toSorted().map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index))
})
