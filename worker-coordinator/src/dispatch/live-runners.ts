import type { ListedModel } from '../models/model-directory.ts'
import type { Model } from '../models/model-store.ts'

/** What of a dispatch object concerns its runners' owners. */
export type RunnerObject = {
  readonly closeRunner: (runnerId: string, reason: 'paused' | 'unknown-runner') => Promise<void>
  readonly reloadAudiences: (runnerIds: readonly string[]) => Promise<void>
}

export type LiveRunnersDeps = {
  /** Models with live figures, some seconds old perhaps. */
  readonly listModels: () => Promise<readonly ListedModel[]>
  /** The same, asked for anew: for what must reach every link there is. */
  readonly listModelsNow: () => Promise<readonly ListedModel[]>
  readonly objectsOf: (model: Model) => readonly RunnerObject[]
}

/** Finds runners where they are linked, and tells their objects what their owners decide. */
export function createLiveRunners({ listModels, listModelsNow, objectsOf }: LiveRunnersDeps) {
  /** Does something at each object of each model that some of these runners are linked for. */
  const tell = async (
    runnerIds: readonly string[],
    say: (object: RunnerObject, here: readonly string[]) => Promise<unknown>,
  ): Promise<void> => {
    const serving = servedBy(runnerIds.length === 0 ? [] : await listModelsNow(), new Set(runnerIds))
    await Promise.all(
      serving.flatMap(({ model, here }) => objectsOf(model).map((object) => say(object, here))),
    )
  }
  return {
    /** The models that runners serve. A runner that is absent is offline. */
    findLiveModels: async (runnerIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
      const live = new Map<string, string[]>()
      const serving = servedBy(runnerIds.length === 0 ? [] : await listModels(), new Set(runnerIds))
      for (const { model, here } of serving) {
        for (const id of here) live.set(id, [...(live.get(id) ?? []), model.id])
      }
      return live
    },
    /** Has whose jobs these runners take read anew, and put in force on their links. */
    reloadAudiences: (runnerIds: readonly string[]): Promise<void> =>
      tell(runnerIds, (object, here) => object.reloadAudiences(here)),
    /** Ends the links of runners that their owner paused or removed. */
    closeRunners: (runnerIds: readonly string[], reason: 'paused' | 'unknown-runner'): Promise<void> =>
      tell(runnerIds, (object, here) => Promise.all(here.map((id) => object.closeRunner(id, reason)))),
  }
}

function servedBy(listed: readonly ListedModel[], wanted: ReadonlySet<string>) {
  return listed
    .map(({ model, now }) => ({ model, here: now.runnerIds.filter((id) => wanted.has(id)) }))
    .filter(({ here }) => here.length > 0)
}
