import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export type Device = 'cuda' | 'webgpu' | 'cpu'
export const DEVICES: readonly Device[] = ['cuda', 'webgpu', 'cpu']

/** What the machine shows of itself, without touching a driver. */
export type Machine = {
  readonly platform: NodeJS.Platform
  /** onnxruntime's CUDA provider lies beside its library. */
  readonly hasCudaProvider: boolean
  /** A graphics device is there (on Linux: `/dev/nvidia*` or `/dev/dri/render*`). */
  readonly hasGpu: boolean
}

/** Below this many weights the way to the GPU and back costs more than it saves. */
const SMALL_MODEL_PARAMETERS = 50_000_000

/** Why a device is not even tried; undefined: try it. Cheap, and cannot crash: nothing is loaded. */
export function whyNot(device: Device, machine: Machine, parameters: number): string | undefined {
  if (device === 'cpu') return undefined
  if (parameters < SMALL_MODEL_PARAMETERS) return 'so small a model is fastest without it'
  if (device === 'cuda' && !machine.hasCudaProvider) return 'its provider is not installed'
  if (!machine.hasGpu) return 'no GPU was found'
  return undefined
}

/** Says where the model runs and why not elsewhere: `Runs on cpu. Not cuda: …; not webgpu: ….` */
export function deviceSentence(device: Device, refusals: ReadonlyMap<Device, string>): string {
  const reasons = Array.from(refusals, ([name, why], i) => `${i === 0 ? 'Not' : 'not'} ${name}: ${why}`)
  return [`Runs on ${device}.`, reasons.length === 0 ? '' : ` ${reasons.join('; ')}.`].join('')
}

/** Loads the model on the first device that takes it, cuda before webgpu before cpu. Throws when none does. */
export async function loadOnFirst<Loaded>(
  wanted: Device | 'auto',
  machine: Machine,
  parameters: number,
  load: (device: Device) => Promise<Loaded>,
): Promise<{ loaded: Loaded; device: Device; note: string }> {
  if (wanted !== 'auto')
    return { loaded: await load(wanted), device: wanted, note: `Runs on ${wanted}, as you asked.` }
  const refusals = new Map<Device, string>()
  for (const device of DEVICES) {
    const why = whyNot(device, machine, parameters)
    if (why) {
      refusals.set(device, why)
      continue
    }
    try {
      return { loaded: await load(device), device, note: deviceSentence(device, refusals) }
    } catch (error) {
      if (device === 'cpu') throw error
      refusals.set(device, 'the model did not load there')
    }
  }
  throw new Error('no device took the model')
}

/** Looks at this machine. */
export function lookAtMachine(): Machine {
  return { platform: process.platform, hasCudaProvider: findCudaProvider(), hasGpu: findGpu() }
}

function findCudaProvider(): boolean {
  const binding = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const folder = path.join(binding, 'bin', 'napi-v6', process.platform, process.arch)
  return existsSync(path.join(folder, 'libonnxruntime_providers_cuda.so'))
}

function findGpu(): boolean {
  if (process.platform !== 'linux') return true
  const names = [...listFolder('/dev'), ...listFolder('/dev/dri')]
  return names.some((name) => /^(nvidia\d|renderD\d|dxg$)/.test(name))
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A folder that is not there has no devices.
    return []
  }
}
