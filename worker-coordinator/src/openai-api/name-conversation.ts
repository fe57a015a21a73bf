import type { ChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { sha256 } from '../platform/sha256.ts'

/**
 * Names the conversation that a request goes on with, so that it can return to the runner that still has its beginning
 * in memory: by `prompt_cache_key`, else `user`, else by how it began. A hash bound to the account: it tells nobody
 * what was said, and never joins two accounts.
 */
export function nameConversation(accountId: number, request: ChatRequest): string {
  const hash = sha256(JSON.stringify([accountId, ...marksOf(request)]))
  return hash.slice(0, 32)
}

function marksOf({ prompt_cache_key: key, user, messages }: ChatRequest): readonly string[] {
  if (key !== undefined) return ['key', key]
  if (user !== undefined) return ['user', user]
  const system = messages.find(({ role }) => role === 'system')?.content ?? ''
  const first = messages.find(({ role }) => role === 'user')?.content ?? ''
  return ['beginning', system, first]
}
