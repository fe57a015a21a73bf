import { expect, test } from 'vitest'
import { planRunners } from './runner-plans.ts'
import { readStartOptions } from './start-options.ts'

const read = (args: string[], env = {}) => readStartOptions(args, env, '/project')
const options = (args: string[], env = {}) => {
  const result = read(args, env)
  if (!result.ok) throw new Error(result.sentence)
  return result.options
}

test('without options: one runner, the local Telegram, state in the project', () => {
  expect(options([])).toMatchObject({
    runners: 1,
    telegram: 'local',
    port: undefined,
    stateDir: '/project/.sharnaqa',
  })
})
test('with BOT_TOKEN the real bot runs, and --no-telegram leaves it out all the same', () => {
  expect(options([], { BOT_TOKEN: '1:a' }).telegram).toBe('real')
  expect(options(['--no-telegram'], { BOT_TOKEN: '1:a' }).telegram).toBe('none')
})
test.each([
  ['--port', '0'],
  ['--port', '65536'],
  ['--port', 'x'],
  ['--runners', '-1'],
  ['--runners', '1.5'],
  ['--runners', '17'],
  ['--upstream', 'not an address'],
  ['--unknown', '1'],
])('%s %s is refused with a sentence that names it', (name, value) => {
  const result = read([`${name}=${value}`])
  expect(result.ok ? '' : result.sentence).toContain(name)
})
test('an upstream takes the place of silkworm, and its key stays out of the command line', () => {
  const plans = planRunners(
    options(['--upstream', 'http://127.0.0.1:11434', '--upstream-key', 'secret', '--upstream-model', 'q']),
  )
  expect(plans.map(({ args }) => args)).toEqual([
    ['--engine', 'upstream', '--upstream', 'http://127.0.0.1:11434', '--upstream-model', 'q'],
    ['--model', 'all-minilm-l6-v2'],
  ])
  expect(plans[0]?.env).toEqual({ SHARNAQA_UPSTREAM_KEY: 'secret' })
})
test('each runner serves both models on board', () => {
  expect(planRunners(options(['--runners', '2']))).toEqual([
    { args: ['--model', 'silkworm', '--model', 'all-minilm-l6-v2'], env: {}, models: 2 },
    { args: ['--model', 'silkworm', '--model', 'all-minilm-l6-v2'], env: {}, models: 2 },
  ])
})
test('without options one more runner serves silkworm in the simulated TEE, and --no-simulated-tee leaves it out', () => {
  expect(options([]).teePlans).toEqual([{ args: ['--model', 'silkworm'], env: {}, models: 1 }])
  expect(options(['--no-simulated-tee']).teePlans).toEqual([])
  expect(planRunners(options([]))).toHaveLength(1)
})
