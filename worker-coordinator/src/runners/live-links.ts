import type { LiveLink } from '../dispatch/snapshot.ts'
import type { ListedModel } from '../models/model-directory.ts'

/** A model that a runner serves now. */
export type ServedModel = LiveLink & { readonly model: string }

/** The links of some runners now. A runner that is absent is offline. */
export function liveLinksOf(
  listed: readonly ListedModel[],
  runnerIds: readonly string[],
): ReadonlyMap<string, readonly ServedModel[]> {
  const wanted = new Set(runnerIds)
  const live = new Map<string, ServedModel[]>()
  for (const { model, now } of listed) {
    // An object shows a bounded number of links one by one, but who is there it says of all.
    for (const id of now.runnerIds) if (wanted.has(id) && !live.has(id)) live.set(id, [])
    for (const link of [...now.links, ...now.privateLinks]) {
      if (wanted.has(link.runnerId)) live.get(link.runnerId)?.push({ ...link, model: model.id })
    }
  }
  return live
}
