import { stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeTempFolder } from '../../test/temp-folder.ts'
import { configSchema, dataDirOf, readConfigFile, resolveConfig, updateConfigFile } from './config.ts'
import { OPTION_KEYS, OPTIONS } from './options.ts'

describe('a setting', () => {
  test('of a flag comes before the environment, and that before the file', () => {
    const file = { coordinator: 'https://file.example', slots: 1, device: 'cpu' }
    const env = { SHARNAQA_COORDINATOR: 'https://env.example', SHARNAQA_SLOTS: '2' }
    const flags = { coordinator: 'https://flag.example' }
    expect(resolveConfig(flags, env, file)).toEqual({
      ok: true,
      config: { coordinator: 'https://flag.example', slots: 2, device: 'cpu' },
    })
  })

  test('that may be several takes several', () => {
    expect(resolveConfig({ model: ['a', 'b'] }, {}, {})).toMatchObject({ config: { models: ['a', 'b'] } })
    expect(resolveConfig({}, { SHARNAQA_MODELS: 'a, b' }, {})).toMatchObject({
      config: { models: ['a', 'b'] },
    })
  })

  test('that is empty in the environment is not set', () => {
    expect(resolveConfig({}, { SHARNAQA_SLOTS: '' }, { slots: 3 })).toMatchObject({ config: { slots: 3 } })
  })
})

describe('a wrong setting is named with the place it came from', () => {
  test.each([
    [{ slots: 'many' }, {}, {}, '--slots'],
    [{ slots: '0' }, {}, {}, '--slots'],
    [{}, { SHARNAQA_DEVICE: 'tpu' }, {}, 'SHARNAQA_DEVICE'],
    [{}, {}, { statusPort: 70_000 }, 'config.json'],
    [{ coordinator: 'ai.example' }, {}, {}, 'https://'],
    [{}, {}, { slotz: 3 }, 'unknown setting "slotz"'],
    [{}, {}, undefined, 'not readable JSON'],
  ])('%o %o %o', (flags, env, file, part) => {
    const result = resolveConfig(flags, env, file)
    expect(result.ok).toBe(false)
    expect(!result.ok && result.sentence).toContain(part)
  })

  test('an unknown one comes with those that are known', () => {
    const result = resolveConfig({}, {}, { slotz: 3 })
    expect(!result.ok && result.sentence).toContain('slots, ')
  })
})

test('every setting has a flag, a variable and a place in config.json, each its own', () => {
  expect([...OPTION_KEYS].toSorted()).toEqual(Object.keys(configSchema.shape).toSorted())
  const flags = OPTION_KEYS.map((key) => OPTIONS[key].flag)
  const variables = OPTION_KEYS.map((key) => OPTIONS[key].env)
  expect(new Set(flags).size).toBe(flags.length)
  expect(new Set(variables).size).toBe(variables.length)
  expect(variables.every((name) => name.startsWith('SHARNAQA_'))).toBe(true)
})

describe('config.json', () => {
  test('keeps what a change does not name, and only its owner can read it', async () => {
    const dataDir = await makeTempFolder()
    await writeFile(path.join(dataDir, 'config.json'), '{"slots":3,"upstreamKey":"k"}')
    await updateConfigFile(dataDir, { coordinator: 'https://ai.example' })
    expect(await readConfigFile(dataDir)).toEqual({
      slots: 3,
      upstreamKey: 'k',
      coordinator: 'https://ai.example',
    })
    expect((await stat(path.join(dataDir, 'config.json'))).mode & 0o777).toBe(0o600)
  })

  test('that is not there is empty', async () => {
    expect(await readConfigFile(await makeTempFolder())).toEqual({})
  })
})

test('the data folder: flag, then environment, then home', () => {
  const env = { SHARNAQA_RUNNER_DIR: path.resolve('from-env') }
  expect(dataDirOf({ 'data-dir': path.resolve('from-flag') }, env)).toBe(path.resolve('from-flag'))
  expect(dataDirOf({}, env)).toBe(path.resolve('from-env'))
  expect(dataDirOf({}, {})).toBe(path.join(homedir(), '.sharnaqa', 'runner'))
})
