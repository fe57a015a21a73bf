import type { Deps } from './deps.ts'
import { GROUP_ID_BYTES, INVITATION_BYTES, makeGroupId, makeInvitation } from './groups/group-codes.ts'
import {
  createGroup,
  endGroup,
  findGroup,
  leaveGroup,
  listGroups,
  renameGroup,
  setInvitation,
  type UnsharedResult,
} from './groups/group-store.ts'
import { joinGroup, readInvitation } from './groups/join-group-store.ts'
import { connectDb } from './ledger/ledger-store.ts'
import { createGuessLimit } from './runners/guess-limit.ts'

type OwnGroup = { readonly accountId: number; readonly groupId: string }
type Invited = { readonly accountId: number; readonly code: string }

/** The functions of groups of people who share runners. */
export function createGroupDeps(env: Cloudflare.Env, deps: Deps) {
  const db = connectDb(env.DB)
  const { authenticate, nowMs } = deps
  const newInvitation = () => makeInvitation(randomBytes(INVITATION_BYTES))
  /** Runners that are shared no more: their links take their owners' jobs alone from now on. */
  const unshare = async (result: UnsharedResult): Promise<UnsharedResult> => {
    if (result.ok) await deps.reloadAudiences(result.runnerIds)
    return result
  }
  return {
    authenticate,
    invitationGuesses: createGuessLimit({ nowMs }),
    listGroups: (accountId: number) => listGroups(db, accountId),
    findGroup: (own: OwnGroup) => findGroup(db, own),
    createGroup: ({ accountId, name }: { accountId: number; name: string }) =>
      createGroup(db, {
        accountId,
        groupId: makeGroupId(randomBytes(GROUP_ID_BYTES)),
        name,
        invitation: newInvitation(),
        nowMs: nowMs(),
      }),
    renameGroup: (own: OwnGroup, name: string) => renameGroup(db, own, name),
    renewInvitation: (own: OwnGroup) => setInvitation(db, own, newInvitation()),
    closeGroup: (own: OwnGroup) => setInvitation(db, own, null),
    endGroup: async (own: OwnGroup) => unshare(await endGroup(db, own)),
    leaveGroup: async (own: OwnGroup) => unshare(await leaveGroup(db, own)),
    readInvitation: (invited: Invited) => readInvitation(db, invited),
    joinGroup: (invited: Invited) => joinGroup(db, { ...invited, nowMs: nowMs() }),
  }
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}
