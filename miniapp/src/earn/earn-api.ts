import * as z from 'zod/mini'
import { parserOf } from '../../../protocol/src/miniapp/fields.ts'
import {
  type GroupJson,
  groupListSchema,
  groupSchema,
  invitationSchema,
} from '../../../protocol/src/miniapp/groups.ts'
import {
  fleetSchema,
  pairingProgressSchema,
  runnerDetailSchema,
  runnerJobsSchema,
  type UpdateRunnerJson,
} from '../../../protocol/src/miniapp/runners.ts'
import type { Session } from '../session/session.ts'

/** The answer of `POST /v1/pairing-codes`. */
const startedPairingSchema = z.object({
  id: z.string(),
  code: z.string(),
  expires_at: z.int(),
  command: z.string(),
})

const parseFleet = parserOf(fleetSchema)
const parseRunner = parserOf(runnerDetailSchema)
const parseJobs = parserOf(runnerJobsSchema)
const parseStarted = parserOf(startedPairingSchema)
const parsePairing = parserOf(pairingProgressSchema)
const parseGroups = parserOf(groupListSchema)
const parseGroup = parserOf(groupSchema)
const parseInvitation = parserOf(invitationSchema)
/** Where only success counts. */
const parseNothing = (): true => true

const JOBS_PER_PAGE = 20

export type EarnApi = ReturnType<typeof createEarnApi>
export type EarnGroup = GroupJson

/** What the coordinator is asked about runners and groups, as the person who opened the page. */
export function createEarnApi({ ask }: Pick<Session, 'ask'>) {
  const runnerPath = (id: string) => `/v1/runners/${encodeURIComponent(id)}`
  const groupPath = (id: string) => `/v1/groups/${encodeURIComponent(id)}`
  const askPath = (id: string, model: string) => `${runnerPath(id)}/asks/${encodeURIComponent(model)}`
  return {
    fleet: (signal: AbortSignal) => ask('/v1/fleet', parseFleet, { signal }),
    runner: (id: string, signal: AbortSignal) =>
      ask(`/v1/fleet/${encodeURIComponent(id)}`, parseRunner, { signal }),
    jobs: (id: string, cursor: string | undefined, signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: String(JOBS_PER_PAGE), ...(cursor ? { cursor } : {}) })
      return ask(`/v1/fleet/${encodeURIComponent(id)}/jobs?${query}`, parseJobs, { signal })
    },
    updateRunner: (id: string, change: UpdateRunnerJson) =>
      ask(runnerPath(id), parseNothing, { method: 'PATCH', body: change }),
    removeRunner: (id: string) => ask(runnerPath(id), parseNothing, { method: 'DELETE' }),
    /** Nano per 1,000,000 tokens, as decimal text. */
    setAsk: (id: string, model: string, price: { readonly input: string; readonly output: string }) =>
      ask(askPath(id, model), parseNothing, { method: 'PUT', body: price }),
    resetAsk: (id: string, model: string) => ask(askPath(id, model), parseNothing, { method: 'DELETE' }),

    startPairing: () => ask('/v1/pairing-codes', parseStarted, { method: 'POST' }),
    pairing: (id: string, signal: AbortSignal) =>
      ask(`/v1/pairing-codes/${encodeURIComponent(id)}`, parsePairing, { signal }),

    groups: (signal: AbortSignal) => ask('/v1/groups', parseGroups, { signal }),
    createGroup: (name: string) => ask('/v1/groups', parseGroup, { method: 'POST', body: { name } }),
    renameGroup: (id: string, name: string) =>
      ask(groupPath(id), parseNothing, { method: 'PATCH', body: { name } }),
    endGroup: (id: string) => ask(groupPath(id), parseNothing, { method: 'DELETE' }),
    leaveGroup: (id: string) => ask(`${groupPath(id)}/members/me`, parseNothing, { method: 'DELETE' }),
    newInvitation: (id: string) => ask(`${groupPath(id)}/invitation`, parseNothing, { method: 'POST' }),
    invitation: (code: string, signal: AbortSignal) =>
      ask(`/v1/groups/invitations/${encodeURIComponent(code)}`, parseInvitation, { signal }),
    joinGroup: (code: string) => ask('/v1/groups/join', parseGroup, { method: 'POST', body: { code } }),
  }
}
