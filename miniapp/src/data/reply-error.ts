import type { Reply } from '../session/session.ts'

/** A question that the coordinator did not answer, or answered with a refusal. */
export class ReplyError extends Error {
  /** The coordinator's word for it, such as `rate-limited`; `unreachable` without an answer. */
  readonly reason: string
  /** The coordinator's own sentence, for people. */
  readonly sentence: string | undefined

  constructor({ reason, sentence }: Extract<Reply<unknown>, { ok: false }>) {
    super(sentence ?? reason)
    this.reason = reason
    this.sentence = sentence
  }
}

/** The value of a reply. Throws a `ReplyError`, as TanStack Query wants it. */
export function valueOrThrow<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new ReplyError(reply)
  return reply.value
}
