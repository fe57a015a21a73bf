import { upstreamDigest } from '../../../protocol/src/model-manifest.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { defaultSlots, SMALL_MODEL_PARAMETERS } from '../config/defaults.ts'
import { findModelFolder } from '../models/find-model.ts'
import { readModelFolder, verifyModelFolder } from '../models/model-folder.ts'
import type { Engine, EngineFacts } from './engine.ts'
import { createFakeEngine, FAKE_DIMENSIONS, type FakeOptions } from './fake-engine.ts'

export type OpenResult =
  | { readonly ok: true; readonly engine: Engine }
  | { readonly ok: false; readonly sentence: string }

export type EngineChoice = {
  readonly dataDir: string
  readonly config: Config
  /** A model's name or folder. With an upstream: the name on the network, which may be left out. */
  readonly model: string | undefined
  readonly fake: FakeOptions
}

/** Opens the engine that the configuration asks for; files are verified before they are loaded. */
export async function openEngine(choice: EngineChoice): Promise<OpenResult> {
  const { config } = choice
  if (config.engine === 'fake') return { ok: true, engine: await openFake(choice) }
  if (config.engine !== 'upstream') return await openOnnx(choice)
  const { openUpstreamEngine } = await import('./upstream-engine.ts')
  if (!config.upstreamUrl) return { ok: false, sentence: 'The upstream engine needs --upstream URL.' }
  return await openUpstreamEngine({
    baseUrl: config.upstreamUrl,
    slots: config.slots ?? defaultSlots('upstream', 0),
    kind: config.kind ?? 'chat',
    parameters: config.parameters ?? 0,
    features: (config.features ?? ['tools', 'response_format', 'penalties']).filter((f) => f !== 'none'),
    ...(config.upstreamKey ? { apiKey: config.upstreamKey } : {}),
    ...(config.upstreamModel ? { upstreamModel: config.upstreamModel } : {}),
    ...(choice.model ? { model: choice.model } : {}),
    ...(config.contextTokens ? { contextTokens: config.contextTokens } : {}),
  })
}

async function openOnnx({ dataDir, config, model }: EngineChoice): Promise<OpenResult> {
  const name = model ?? ''
  const folder = await findModelFolder(dataDir, name)
  if (!folder) {
    return { ok: false, sentence: `There is no model "${name}". Action: sharnaqa-runner models pull ${name}` }
  }
  const verified = await verifyModelFolder(folder)
  if (!verified.ok) return verified
  const { parameters } = verified.manifest
  const slots = config.slots ?? defaultSlots('onnx', parameters)
  const threads = parameters < SMALL_MODEL_PARAMETERS ? 1 : 0
  try {
    const { openOnnxEngine } = await import('./onnx-engine.ts')
    const options = { device: config.device ?? 'auto', slots, threads }
    return { ok: true, engine: await openOnnxEngine(verified, options) }
  } catch (error) {
    const device = config.device && config.device !== 'auto' ? ` on ${config.device}` : ''
    const detail = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : 'unknown error'
    return { ok: false, sentence: `${verified.manifest.id} did not load${device}: ${detail}` }
  }
}

/** A fake that bears a real model's name shows that model's facts and digest. */
async function openFake({ dataDir, config, model = 'fake-chat', fake }: EngineChoice): Promise<Engine> {
  const folder = await findModelFolder(dataDir, model)
  const real = folder ? await readModelFolder(folder) : undefined
  const manifest = real?.ok ? real.manifest : undefined
  const kind = manifest?.kind ?? config.kind ?? 'chat'
  const facts: EngineFacts = {
    model: manifest?.id ?? model,
    kind,
    manifestDigest: real?.ok ? real.digest : await upstreamDigest(model),
    contextTokens: manifest?.contextTokens ?? config.contextTokens ?? 4096,
    parameters: manifest?.parameters ?? config.parameters ?? 1_000_000,
    ...(kind === 'embedding' ? { dimensions: manifest?.dimensions ?? FAKE_DIMENSIONS } : {}),
    features: ['penalties'],
    engine: 'fake',
    device: 'cpu',
    slots: config.slots ?? defaultSlots('fake', 0),
    note: 'A fake engine, for tests: its answers mean nothing.',
  }
  return createFakeEngine({ clock: systemClock, exit: (code) => process.exit(code) }, facts, fake)
}
