import type { Deps } from './deps.ts'
import { listEarnedDays, readEarnedEver } from './earnings/earning-days-store.ts'
import { listRunnerJobs } from './earnings/runner-jobs-store.ts'
import { connectDb } from './ledger/ledger-store.ts'
import { keptFor } from './platform/kept-for.ts'
import { deleteAsk, listAsks, type OwnerAsk, setAsk } from './runners/ask-store.ts'
import { findPairingCode, listFleetRunners } from './runners/fleet-store.ts'
import { FORECAST_CACHE_MS, FORECAST_MS } from './runners/forecast-route.ts'
import { readEarningsByModel } from './runners/forecast-store.ts'
import { liveLinksOf } from './runners/live-links.ts'
import {
  deletePresence,
  listOpenPresence,
  listPresence,
  readLastMinute,
  repairPresence,
} from './runners/presence-store.ts'
import { tendPresence } from './runners/tend-presence.ts'

type OwnRunner = { readonly accountId: number; readonly runnerId: string }

/** The functions of what an owner of runners sees and sets. */
export function createFleetDeps(env: Cloudflare.Env, deps: Deps) {
  const db = connectDb(env.DB)
  const { nowMs } = deps
  return {
    authenticate: deps.authenticate,
    nowMs,
    findLiveModels: deps.findLiveModels,
    listFleetRunners: (accountId: number) => listFleetRunners(db, accountId),
    listEarnedDays: (input: Parameters<typeof listEarnedDays>[1]) => listEarnedDays(db, input),
    readEarnedEver: (ledgerId: number) => readEarnedEver(db, ledgerId),
    listAsks: (accountId: number) => listAsks(db, accountId),
    findLiveLinks: async (runnerIds: readonly string[]) =>
      liveLinksOf(runnerIds.length === 0 ? [] : await deps.listModels(), runnerIds),
    listPresence: (input: Parameters<typeof listPresence>[1]) => listPresence(db, input),
    listRunnerJobs: (input: Parameters<typeof listRunnerJobs>[1]) => listRunnerJobs(db, input),
    findPairingCode: (own: { accountId: number; id: string }) => findPairingCode(db, own),
    readForecast: keptFor(FORECAST_CACHE_MS, {
      ask: () => readEarningsByModel(db, { fromMs: nowMs() - FORECAST_MS, toMs: nowMs() }),
      nowMs,
    }),
    setAsk: async (own: OwnRunner, price: OwnerAsk) => {
      const set = await setAsk(db, own, price)
      if (set.ok) await deps.setLiveAsk(own.runnerId, price.model, price.ask)
      return set
    },
    deleteAsk: async (own: OwnRunner, model: string) => {
      const deleted = await deleteAsk(db, own, model)
      if (deleted) await deps.setLiveAsk(own.runnerId, model, undefined)
      return deleted
    },
    readLastMinute: () => readLastMinute(db),
    /** What a clock does with presence, each minute. `lastMinuteMs`: as it was before this minute's `tendMoney`. */
    tendPresence: (lastMinuteMs: number) =>
      tendPresence({
        nowMs,
        log: deps.log,
        lastMinuteMs,
        listOpenPresence: (page) => listOpenPresence(db, page),
        listLinkedRunners: deps.listLinkedRunners,
        repairPresence: (rows, toMs) => repairPresence(db, rows, toMs),
        deletePresence: (old) => deletePresence(db, old),
      }),
  }
}
