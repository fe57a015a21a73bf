import { expect, test } from 'vitest'
import { machinesOf } from './machines-of.ts'

const own = [{ id: 'run_a', name: 'At home', online: true }]

test('one’s own machines are there, confirmed or not', () => {
  expect(machinesOf(own, new Set())).toEqual([{ id: 'run_a', name: 'At home', online: true, isOwn: true }])
  expect(machinesOf(own, new Set(['run_a']))).toHaveLength(1)
})

test('a machine that was confirmed and is not one’s own can still be taken back', () => {
  expect(machinesOf(own, new Set(['run_b']))).toMatchObject([
    { id: 'run_a' },
    { id: 'run_b', name: undefined, isOwn: false },
  ])
})
