import type { Audience } from '../../../protocol/src/miniapp/runners.ts'
import type { Job } from '../jobs/chat-job.ts'

/** Whose jobs a runner takes, as its owner says. */
export type RunnerAudience = {
  readonly audience: Audience
  /** With audience `group`: which one. */
  readonly groupId?: string
}

/** Whose jobs a link takes. */
export type LinkAudience = RunnerAudience & {
  /** The account of the runner's owner. */
  readonly ownerId: number
}

/** A runner's audience as its row tells it. */
export function audienceOf({
  audience,
  groupId,
}: {
  readonly audience: Audience
  readonly groupId: string | null
}): RunnerAudience {
  return groupId === null ? { audience } : { audience, groupId }
}

/** What decides which links may serve a job. */
export type Reach = Pick<Job, 'tier' | 'caller' | 'groupIds'>

/** Where links stand that take everybody's jobs. */
export const EVERYONE = 'everyone'

/** The shelves that a link stands on. Its owner's own jobs reach it whatever its audience. */
export function shelvesOf({ ownerId, audience, groupId }: LinkAudience): readonly string[] {
  switch (audience) {
    case 'everyone':
      return [EVERYONE, ownerShelf(ownerId)]
    case 'group':
      return groupId === undefined ? [ownerShelf(ownerId)] : [ownerShelf(ownerId), groupShelf(groupId)]
    case 'own':
      return [ownerShelf(ownerId)]
    default:
      return audience satisfies never
  }
}

/**
 * The shelves that a job may be served from: never another tier's. The caller's own come before a group's. Of tier
 * `confidential` there are none: a request names its runners.
 */
export function shelvesFor({ tier, caller, groupIds = [] }: Reach): readonly string[] {
  switch (tier) {
    case 'open':
      return OPEN_SHELVES
    case 'own':
      return [ownerShelf(caller.accountId), ...groupIds.map(groupShelf)]
    case 'confidential':
      return []
    default:
      return tier satisfies never
  }
}

/** True when a link may serve a job at all, free or not. Of tier `confidential` none that comes unsealed. */
export function mayServe(link: LinkAudience, reach: Reach): boolean {
  switch (reach.tier) {
    case 'open':
      return link.audience === 'everyone'
    case 'own':
      return (
        link.ownerId === reach.caller.accountId ||
        (link.audience === 'group' && link.groupId !== undefined && isAmong(link.groupId, reach))
      )
    case 'confidential':
      return false
    default:
      return reach.tier satisfies never
  }
}

/** True when a link may serve sealed jobs, as far as its owner says. That it can, its keys show. */
export function mayServeSealed(link: LinkAudience, reach: Reach): boolean {
  return reach.tier === 'confidential' ? link.audience === 'everyone' : mayServe(link, reach)
}

/** True when two jobs wait for the same links. */
export function competes(one: Reach, other: Reach): boolean {
  if (one.tier !== other.tier) return false
  if (one.tier !== 'own') return true
  const shelves = shelvesFor(one)
  return shelvesFor(other).some((shelf) => shelves.includes(shelf))
}

function isAmong(groupId: string, { groupIds = [] }: Reach): boolean {
  return groupIds.includes(groupId)
}

const OPEN_SHELVES: readonly string[] = [EVERYONE]

function ownerShelf(accountId: number): string {
  return `owner:${accountId}`
}

function groupShelf(groupId: string): string {
  return `group:${groupId}`
}
