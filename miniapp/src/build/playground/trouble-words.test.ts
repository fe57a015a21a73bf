import { expect, test } from 'vitest'
import type { ApiTrouble } from './next-run.ts'
import { BROKEN_OFF, UNREACHABLE } from './read-answer.ts'
import { headingOf, troubleText } from './trouble-words.ts'

const trouble = (changes: Partial<ApiTrouble>): ApiTrouble => ({
  status: 400,
  code: 'invalid_value',
  message: undefined,
  param: undefined,
  ...changes,
})

test.each([
  [UNREACHABLE, 'trouble-unreachable'],
  [BROKEN_OFF, 'trouble-broke'],
  [trouble({ status: undefined, code: 'runner_lost' }), 'trouble-broke'],
  [trouble({ status: 402, code: 'insufficient_quota' }), 'trouble-funds'],
  [trouble({ status: 429, code: 'queue_full' }), 'trouble-busy'],
  [trouble({ status: 503, code: 'no_runner' }), 'trouble-runner'],
  [trouble({}), 'trouble-refused'],
  [trouble({ code: 'constructor' }), 'trouble-refused'],
] as const)('%j is headed %s', (one, heading) => {
  expect(headingOf(one)).toBe(heading)
})

test('what the API said is shown whole', () => {
  const said = trouble({ status: 404, code: 'model_not_found', message: 'No such model.', param: 'model' })
  expect(troubleText(said)).toBe('404 model_not_found\nNo such model.\nparam: model')
  expect(troubleText(UNREACHABLE)).toBe('unreachable')
})
