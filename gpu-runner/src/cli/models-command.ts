import path from 'node:path'
import { systemClock } from '../clock.ts'
import { BUNDLED_MODELS, findModelFolder, pulledModels } from '../models/find-model.ts'
import { type ManifestHints, makeManifest, writeManifest } from '../models/make-manifest.ts'
import { findFileFaults, listModelFolders, readModelFolder } from '../models/model-folder.ts'
import { type PullResult, pullModel } from '../models/pull.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { openProgress, sizeText } from './progress.ts'
import type { CommandContext } from './run-cli.ts'

/** Lists, pulls, verifies and describes models. */
export async function modelsCommand(context: CommandContext): Promise<ExitCode> {
  const [action, subject] = context.args
  switch (action) {
    case undefined:
      return await listModels(context)
    case 'pull':
      return await pull(context, subject)
    case 'verify':
      return await verify(context, subject)
    case 'manifest':
      return await describe(context, subject)
    default:
      context.output.problem(`There is no "models ${action}". Action: sharnaqa-runner help`)
      return EXIT.usage
  }
}

async function listModels({ dataDir, output }: CommandContext): Promise<ExitCode> {
  for (const folder of await allFolders(dataDir)) {
    const model = await readModelFolder(folder)
    if (!model.ok) {
      output.problem(model.sentence)
      continue
    }
    const { id, kind, parameters, contextTokens, licence, dtype, files } = model.manifest
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    if (output.mode === 'json') {
      output.line(
        JSON.stringify({
          id,
          kind,
          parameters,
          contextTokens,
          licence,
          dtype,
          bytes,
          digest: model.digest,
          folder,
        }),
      )
      continue
    }
    const weights = `${(parameters / 1e6).toFixed(parameters < 1e7 ? 1 : 0)} M weights`
    output.line(
      [id.padEnd(24), kind.padEnd(9), weights.padStart(14), sizeText(bytes).padStart(9), dtype, licence].join(
        '  ',
      ),
    )
  }
  return EXIT.ok
}

async function pull(context: CommandContext, name: string | undefined): Promise<ExitCode> {
  const { dataDir, flags, output } = context
  if (!name) {
    output.problem('Which model? Action: sharnaqa-runner models pull owner/name')
    return EXIT.usage
  }
  const progress = openProgress(output, systemClock.nowMs)
  const result = await pullModel(
    { fetch: globalThis.fetch, clock: systemClock, random: Math.random },
    {
      name,
      root: pulledModels(dataDir),
      hints: hintsOf(context),
      onProgress: progress.note,
      ...(typeof flags.from === 'string' ? { from: flags.from } : {}),
    },
  )
  progress.close()
  if (!result.ok) {
    output.problem(result.sentence)
    return pullExit(result.reason)
  }
  const { manifest, source, folder } = result
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const proof =
    source === 'theirs'
      ? 'Every file is what the source’s manifest says.'
      : 'The source has no manifest: ours was written from what came.'
  output.line(
    output.mode === 'json'
      ? JSON.stringify({ event: 'model-pulled', id: manifest.id, folder, bytes, manifest: source })
      : `${manifest.id}: ${sizeText(bytes)} in ${folder}. ${proof} Next: sharnaqa-runner start --model ${manifest.id}`,
  )
  return EXIT.ok
}

function pullExit(reason: (PullResult & { ok: false })['reason']): ExitCode {
  switch (reason) {
    case 'cut-off':
    case 'refused':
      return EXIT.unreachable
    case 'bad-source':
      return EXIT.usage
    case 'not-found':
    case 'forbidden':
    case 'wrong-content':
    case 'disk-full':
      return EXIT.model
    default:
      return reason satisfies never
  }
}

async function verify({ dataDir, output }: CommandContext, name: string | undefined): Promise<ExitCode> {
  const named = name === undefined ? undefined : await findModelFolder(dataDir, name)
  if (name !== undefined && named === undefined) {
    output.problem(`There is no model "${name}".`)
    return EXIT.model
  }
  let exitCode: ExitCode = EXIT.ok
  for (const folder of named ? [named] : await allFolders(dataDir)) {
    const model = await readModelFolder(folder)
    const faults = model.ok ? await findFileFaults(folder, model.manifest) : [model.sentence]
    const id = model.ok ? model.manifest.id : path.basename(folder)
    if (faults.length > 0) exitCode = EXIT.model
    if (output.mode === 'json') output.line(JSON.stringify({ id, ok: faults.length === 0, faults }))
    else
      output.line(
        faults.length === 0 ? `${id}: all files are as their manifest says` : `${id}: ${faults.join('; ')}`,
      )
  }
  return exitCode
}

async function describe(context: CommandContext, folder: string | undefined): Promise<ExitCode> {
  const { output } = context
  if (!folder) {
    output.problem('Which folder? Action: sharnaqa-runner models manifest <folder>')
    return EXIT.usage
  }
  const made = await makeManifest(folder, hintsOf(context))
  if (!made.ok) {
    output.problem(made.sentence)
    return EXIT.model
  }
  await writeManifest(folder, made.manifest)
  output.line(`${made.manifest.id}: manifest of ${made.manifest.files.length} files written`)
  return EXIT.ok
}

function hintsOf({ flags, config }: CommandContext): ManifestHints {
  return {
    ...(typeof flags.id === 'string' ? { id: flags.id } : {}),
    ...(typeof flags.licence === 'string' ? { licence: flags.licence } : {}),
    ...(typeof flags.dtype === 'string' ? { dtype: flags.dtype } : {}),
    ...(config.kind ? { kind: config.kind } : {}),
    ...(config.contextTokens ? { contextTokens: config.contextTokens } : {}),
    ...(config.parameters ? { parameters: config.parameters } : {}),
  }
}

async function allFolders(dataDir: string): Promise<readonly string[]> {
  return [...(await listModelFolders(BUNDLED_MODELS)), ...(await listModelFolders(pulledModels(dataDir)))]
}
