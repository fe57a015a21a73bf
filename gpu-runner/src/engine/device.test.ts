import { describe, expect, test } from 'vitest'
import { type Device, loadOnFirst, lookAtMachine, type Machine, whyNot } from './device.ts'

const BARE: Machine = { platform: 'linux', hasCudaProvider: false, hasGpu: false }
const FULL: Machine = { platform: 'linux', hasCudaProvider: true, hasGpu: true }
const LARGE = 1_000_000_000

describe('the device is', () => {
  test('cuda where its provider is installed and a GPU is there', async () => {
    const tried: Device[] = []
    const { device, note } = await loadOnFirst('auto', FULL, LARGE, async (name) => void tried.push(name))
    expect(tried).toEqual(['cuda'])
    expect({ device, note }).toEqual({ device: 'cuda', note: 'Runs on cuda.' })
  })

  test('the next one where the model does not load, and the sentence says so', async () => {
    const { device, note } = await loadOnFirst('auto', FULL, LARGE, async (name) => {
      if (name !== 'cpu') throw new Error(`no ${name} driver at /secret/path`)
    })
    expect(device).toBe('cpu')
    expect(note).toBe(
      'Runs on cpu. Not cuda: the model did not load there; not webgpu: the model did not load there.',
    )
  })

  test('cpu on a bare machine, without trying anything else', async () => {
    const tried: Device[] = []
    const { note } = await loadOnFirst('auto', BARE, LARGE, async (name) => void tried.push(name))
    expect(tried).toEqual(['cpu'])
    expect(note).toBe('Runs on cpu. Not cuda: its provider is not installed; not webgpu: no GPU was found.')
  })

  test('cpu for a small model, even beside a GPU', () => {
    expect(whyNot('cuda', FULL, 4_000_000)).toBe('so small a model is fastest without it')
    expect(whyNot('cpu', BARE, 4_000_000)).toBeUndefined()
  })

  test('the one that was asked for, or an error', async () => {
    const { note } = await loadOnFirst('webgpu', BARE, 1, async () => {})
    expect(note).toBe('Runs on webgpu, as you asked.')
    await expect(
      loadOnFirst('cuda', FULL, LARGE, async () => {
        throw new Error('no driver')
      }),
    ).rejects.toThrow('no driver')
  })
})

test('looking at this machine throws nothing', () => {
  expect(lookAtMachine().platform).toBe(process.platform)
})
