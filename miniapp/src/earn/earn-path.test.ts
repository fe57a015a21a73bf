import { expect, test } from 'vitest'
import { readEarnPath } from './earn-path.ts'

test.each([
  ['/earn', { view: 'home' }],
  ['/earn/', { view: 'home' }],
  ['/earn/add', { view: 'add' }],
  ['/earn/groups', { view: 'groups' }],
  ['/earn/forecast', { view: 'forecast' }],
  ['/earn/join/K7QM-29XF', { view: 'join', code: 'K7QM-29XF' }],
  ['/earn/run_1a', { view: 'runner', id: 'run_1a' }],
])('%s shows %j', (path, view) => {
  expect(readEarnPath(path)).toEqual(view)
})

test.each(['/earn/a b', '/earn/..%2f', `/earn/${'x'.repeat(65)}`])(
  '%s asks the coordinator for nothing',
  (path) => {
    expect(readEarnPath(path)).toEqual({ view: 'home' })
  },
)

test('an invitation without a code leads to the groups', () => {
  expect(readEarnPath('/earn/join')).toEqual({ view: 'groups' })
})
