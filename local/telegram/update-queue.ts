import { setTimeout as sleep } from 'node:timers/promises'
import type { Update } from 'grammy/types'
import { conflict } from './bot-api-error.ts'
import type { UpdateRecord } from './call-log.ts'
import type { TelegramState } from './telegram-state.ts'

export type UpdateContent = Omit<Update, 'update_id'>

export type UpdateQueueDeps = {
  readonly state: TelegramState
  readonly nowMs: () => number
  readonly save: () => void
  /** Runs a method that the bot answered with instead of calling it. */
  readonly callFromWebhook: (method: string, params: Record<string, unknown>) => void
  readonly retryBaseMs: number
  readonly webhookTimeoutMs: number
}

type Poll = { offset: number; limit: number; finish: (updates: Update[] | 'conflict') => void }

const PENDING_MAX = 10_000
const RECORDS_MAX = 20_000
const ATTEMPTS_MAX = 12
const RETRY_MAX_MS = 60_000
const OPT_IN_TYPES = ['chat_member', 'message_reaction', 'message_reaction_count']

/** Keeps updates until the bot has them: one poller, or a webhook with one delivery at a time per chat. */
export class UpdateQueue {
  readonly records: UpdateRecord[] = []
  #deps: UpdateQueueDeps
  #poll: Poll | undefined
  #again: Update[] = [] // to be polled once more although confirmed
  #lanes = new Map<string, AbortController>()
  #duplicates = 0
  #closed = false

  constructor(deps: UpdateQueueDeps) {
    this.#deps = deps
    for (const update of deps.state.pending) this.#record(update, 'pending')
  }

  /** Adds an update and starts its delivery. One the bot did not ask for is recorded and goes no further. */
  push(content: UpdateContent): Update {
    const { state } = this.#deps
    const update: Update = { update_id: state.nextUpdateId++, ...content }
    const wanted = this.#wants(update)
    this.#record(update, wanted ? 'pending' : 'filtered')
    if (wanted) {
      state.pending.push(update)
      if (state.pending.length > PENDING_MAX) state.pending.shift()
    }
    this.#deps.save()
    this.wake()
    return update
  }

  /** Delivers an update once more, as Telegram does when it missed an answer. */
  deliverAgain(updateId: number): void {
    const record = this.records.find(({ update }) => update.update_id === updateId)
    if (!record) throw new Error(`there is no update ${updateId}`)
    if (this.#deps.state.webhook.url) void this.#deliver(record.update, new AbortController().signal)
    else this.#again.push(record.update)
    this.wake()
  }

  duplicateNext(times: number): void {
    this.#duplicates += times
  }

  /** Waits for updates from `offset` on; a later poll ends an earlier one with 409, as does a webhook. */
  async poll(query: {
    offset: number
    limit: number
    timeoutS: number
    signal: AbortSignal
  }): Promise<Update[]> {
    if (this.#deps.state.webhook.url) {
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
    }
    this.#poll?.finish('conflict')
    this.#confirmBefore(query.offset)
    const ready = this.#ready(query.limit)
    if (ready.length > 0 || query.timeoutS <= 0) return ready
    const { promise, resolve } = Promise.withResolvers<Update[] | 'conflict'>()
    const poll: Poll = { offset: query.offset, limit: query.limit, finish: resolve }
    this.#poll = poll
    const timer = setTimeout(() => resolve([]), query.timeoutS * 1000)
    const stop = () => resolve([])
    query.signal.addEventListener('abort', stop, { once: true })
    const found = await promise
    clearTimeout(timer)
    query.signal.removeEventListener('abort', stop)
    if (this.#poll === poll) this.#poll = undefined
    if (found === 'conflict') {
      throw conflict(
        'terminated by other getUpdates request; make sure that only one bot instance is running',
      )
    }
    return found
  }

  /** Ends a waiting poll and begins delivery anew; called when the webhook changes. */
  webhookChanged(): void {
    for (const lane of this.#lanes.values()) lane.abort()
    this.#lanes.clear()
    if (this.#deps.state.webhook.url) this.#poll?.finish('conflict')
    this.wake()
  }

  dropPending(): void {
    for (const update of this.#deps.state.pending) this.#settle(update, 'dropped')
    this.#deps.state.pending = []
  }

  wake(): void {
    if (this.#closed) return
    const { state } = this.#deps
    if (state.webhook.url) {
      for (const update of state.pending) this.#startLane(laneOf(update))
    } else if (this.#poll) {
      const ready = this.#ready(this.#poll.limit)
      if (ready.length > 0) this.#poll.finish(ready)
    }
  }

  close(): void {
    this.#closed = true
    this.#poll?.finish([])
    for (const lane of this.#lanes.values()) lane.abort()
  }

  #wants(update: Update): boolean {
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? ''
    const { allowedUpdates } = this.#deps.state
    return allowedUpdates.length > 0 ? allowedUpdates.includes(kind) : !OPT_IN_TYPES.includes(kind)
  }

  #record(update: Update, state: UpdateRecord['state']): void {
    this.records.push({ update, atMs: this.#deps.nowMs(), state, deliveredAtMs: undefined, attempts: [] })
    if (this.records.length > RECORDS_MAX) this.records.shift()
  }

  #confirmBefore(offset: number): void {
    const { state } = this.#deps
    if (offset === 0) return
    const from = offset > 0 ? offset : (state.pending.at(offset)?.update_id ?? 0)
    const kept = state.pending.filter(({ update_id }) => update_id >= from)
    if (kept.length === state.pending.length) return
    for (const update of state.pending) if (update.update_id < from) this.#settle(update, 'delivered')
    state.pending = kept
    this.#deps.save()
  }

  #ready(limit: number): Update[] {
    const again = this.#again.splice(0)
    const fresh = this.#deps.state.pending.slice(0, limit)
    for (const update of [...again, ...fresh]) {
      this.#attempt(update, 'poll')
      this.#settle(update, 'delivered')
      if (this.#duplicates > 0 && !again.includes(update)) {
        this.#duplicates -= 1
        this.#again.push(update)
      }
    }
    return [...again, ...fresh]
  }

  #startLane(key: string): void {
    if (this.#lanes.has(key)) return
    const lane = new AbortController()
    this.#lanes.set(key, lane)
    void this.#runLane(key, lane.signal).finally(() => {
      if (this.#lanes.get(key) !== lane) return
      this.#lanes.delete(key)
      this.wake()
    })
  }

  async #runLane(key: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const update = this.#deps.state.pending.find((pending) => laneOf(pending) === key)
      if (!update || signal.aborted || this.#closed) return
      const done = await this.#deliverWithRetries(update, signal)
      if (!done) return
      this.#deps.state.pending = this.#deps.state.pending.filter((other) => other !== update)
      this.#deps.save()
    }
  }

  /** Says whether the update is finished with: delivered, or given up after the last attempt. */
  async #deliverWithRetries(update: Update, signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      if (await this.#deliver(update, signal)) {
        if (this.#duplicates > 0) {
          this.#duplicates -= 1
          await this.#deliver(update, signal)
        }
        return true
      }
      const waitMs = Math.min(this.#deps.retryBaseMs * 2 ** (attempt - 1), RETRY_MAX_MS)
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => 'aborted') // the webhook changed
      if (signal.aborted) return false
    }
    this.#settle(update, 'dropped')
    return true
  }

  async #deliver(update: Update, signal: AbortSignal): Promise<boolean> {
    const { webhook } = this.#deps.state
    const secret: Record<string, string> = webhook.secretToken
      ? { 'X-Telegram-Bot-Api-Secret-Token': webhook.secretToken }
      : {}
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...secret },
        body: JSON.stringify(update),
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#deps.webhookTimeoutMs)]),
      })
      const body = await response.text()
      this.#attempt(update, response.status)
      if (!response.ok) {
        this.#webhookFailed(`Wrong response from the webhook: ${response.status} ${response.statusText}`)
        return false
      }
      this.#settle(update, 'delivered')
      this.#runReply(body)
      return true
    } catch (error) {
      if (signal.aborted) return false
      this.#attempt(update, 'no-answer')
      const timedOut = error instanceof Error && error.name === 'TimeoutError'
      this.#webhookFailed(timedOut ? 'Read timeout expired' : 'Connection refused')
      return false
    }
  }

  #runReply(body: string): void {
    if (!body.startsWith('{')) return
    let reply: Record<string, unknown>
    try {
      reply = JSON.parse(body) as Record<string, unknown>
    } catch {
      return // an answer that is not JSON is no method call
    }
    const { method, ...params } = reply
    if (typeof method === 'string') this.#deps.callFromWebhook(method, params)
  }

  #webhookFailed(message: string): void {
    const { webhook } = this.#deps.state
    webhook.lastErrorDate = Math.floor(this.#deps.nowMs() / 1000)
    webhook.lastErrorMessage = message
  }

  #attempt(update: Update, status: number | 'poll' | 'no-answer'): void {
    const record = this.records.findLast((other) => other.update.update_id === update.update_id)
    record?.attempts.push({ atMs: this.#deps.nowMs(), status })
  }

  #settle(update: Update, state: 'delivered' | 'dropped'): void {
    const record = this.records.findLast((other) => other.update.update_id === update.update_id)
    if (!record) return
    record.state = state
    record.deliveredAtMs ??= this.#deps.nowMs()
  }
}

/** Updates of one chat are delivered one after another; those of different chats side by side. */
function laneOf(update: Update): string {
  const message = update.message ?? update.edited_message ?? update.callback_query?.message
  const chat = message?.chat ?? update.stopped_message_generation?.chat ?? update.my_chat_member?.chat
  return String(chat?.id ?? update.inline_query?.from.id ?? update.pre_checkout_query?.from.id ?? 0)
}
