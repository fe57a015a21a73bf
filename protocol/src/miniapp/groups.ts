import * as z from 'zod/mini'
import { count } from './fields.ts'

/** People who share runners: an owner, and who came by the owner's invitation. */
export const groupSchema = z.object({
  id: z.string(),
  name: z.string(),
  is_owner: z.boolean(),
  /** The owner included. */
  members: count,
  /** Runners that are shared with it. */
  runners: count,
  /** For the owner: who has it can join. Null for members, and where the owner closed the group. */
  invitation: z.nullable(z.string()),
})
export type GroupJson = z.infer<typeof groupSchema>

/** `GET /v1/groups`. */
export const groupListSchema = z.object({ data: z.array(groupSchema) })

/** `POST /v1/groups`; the answer is the group. `PATCH /v1/groups/:id` renames it. */
export const createGroupSchema = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(64)),
})

/** `GET /v1/groups/invitations/:code`: what somebody is invited to. */
export const invitationSchema = z.object({ group_name: z.string(), members: count, is_member: z.boolean() })
export type InvitationJson = z.infer<typeof invitationSchema>

/**
 * `POST /v1/groups/join` with `{code}`: the answer is the group. `POST /v1/groups/:id/invitation` makes a new code and
 * ends the old one; `DELETE /v1/groups/:id/members/me` leaves; `DELETE /v1/groups/:id` ends the group: its runners are
 * their owner's alone then.
 */
export const joinGroupSchema = z.strictObject({ code: z.string().check(z.minLength(1), z.maxLength(64)) })
