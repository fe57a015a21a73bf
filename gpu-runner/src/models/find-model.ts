import { stat } from 'node:fs/promises'
import path from 'node:path'
import { listModelFolders, MANIFEST_FILE, readModelFolder } from './model-folder.ts'

/** The models that come with the program. */
export const BUNDLED_MODELS = path.join(import.meta.dirname, '..', '..', 'models')

/** Where pulled models lie. */
export function pulledModels(dataDir: string): string {
  return path.join(dataDir, 'models')
}

/** The folder's name of a model: `owner/name` becomes `owner--name`. */
export function folderNameOf(modelId: string): string {
  return modelId.replaceAll(/[/:]/g, '--')
}

/** Finds a model by its name among the bundled and the pulled ones, or takes a path to a folder with a manifest. */
export async function findModelFolder(dataDir: string, nameOrFolder: string): Promise<string | undefined> {
  const roots = [BUNDLED_MODELS, pulledModels(dataDir)]
  const candidates = [nameOrFolder, ...roots.map((root) => path.join(root, folderNameOf(nameOrFolder)))]
  for (const folder of candidates) {
    if (await stat(path.join(folder, MANIFEST_FILE)).catch(() => undefined)) return path.resolve(folder)
  }
  for (const root of roots) {
    for (const folder of await listModelFolders(root)) {
      const model = await readModelFolder(folder)
      if (model.ok && model.manifest.id === nameOrFolder) return folder
    }
  }
  return undefined
}
