import type { Reply, Session } from '../../session/session.ts'
import type { CopiedConversation } from './device-copy.ts'

export type AccountCopyDeps = {
  readonly open: Session['open']
  /** What the device keeps; rejects where it does not let the page read. */
  readonly readConversations: () => Promise<readonly CopiedConversation[]>
  /** The page's own settings on this device. */
  readonly settings: Readonly<Record<string, string | null>>
}

/**
 * Everything in one JSON text: what the network has of the account, and what this device keeps. Where the device does not
 * give its conversations the copy says so, instead of leaving them out in silence.
 */
export async function readAccountCopy(deps: AccountCopyDeps): Promise<Reply<string>> {
  const [opened, conversations] = await Promise.all([
    deps.open('/v1/account/export'),
    deps.readConversations().catch(() => 'this device did not let the page read them' as const),
  ])
  if (!opened.ok) return opened
  const network: unknown = await opened.value.json().catch(() => undefined)
  if (network === undefined) return { ok: false, reason: 'unreachable', sentence: undefined }
  const copy = { network, this_device: { conversations, settings: deps.settings } }
  return { ok: true, value: `${JSON.stringify(copy, null, 2)}\n` }
}
