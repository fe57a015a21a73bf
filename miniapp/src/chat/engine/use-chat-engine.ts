import { useEffect, useState } from 'react'
import { loadSealedClient } from '../../sealed/use-sealed.ts'
import type { Session } from '../../session/session.ts'
import { readInitData } from '../../start/telegram-launch.ts'
import { askJob, recordedOf } from '../receipt/read-job.ts'
import { openStore } from '../store/open-store.ts'
import { personOf } from '../store/person-of.ts'
import type { TurnEvent } from '../turn/next-turn.ts'
import type { SealedReading } from '../turn/run-turn.ts'
import { type ChatEngine, createChatEngine } from './chat-engine.ts'
import { sleep } from './sleep.ts'
import { untilReachable } from './until-reachable.ts'

/** One engine for as long as the app is open: answers are written on while the person looks at another page. */
const engines = new WeakMap<Session, Promise<ChatEngine>>()

/** The conversations of a person; undefined until the device has opened them. */
export function useChatEngine(session: Session): ChatEngine | undefined {
  const [engine, setEngine] = useState<ChatEngine>()
  useEffect(() => {
    let left = false
    const opened = engines.get(session) ?? openEngine(session)
    engines.set(session, opened)
    void opened.then((one) => !left && setEngine(one))
    return () => {
      left = true
    }
  }, [session])
  return engine
}

async function openEngine(session: Session): Promise<ChatEngine> {
  const engine = createChatEngine({
    store: await openStore(personOf(readInitData(location.hash, sessionStorage))),
    open: (body, key, signal) =>
      session.open('/v1/chat/completions', { method: 'POST', body, idempotencyKey: key, signal }),
    openSealed: (order, signal) => openSealed(session, order, signal),
    stopJob: async (jobId) => {
      const path = `/v1/jobs/${encodeURIComponent(jobId)}/stop`
      return (await session.ask(path, () => true, { method: 'POST' })).ok
    },
    readRecord: async (jobId) => {
      const record = await askJob(session, jobId)
      return record.ok ? recordedOf(record.value) : undefined
    },
    untilReachable,
    sleep,
    nowMs: Date.now,
    newId,
  })
  await engine.begun
  return engine
}

/** What seals is loaded with the first sealed question. Where it does not arrive, the question waits for the network. */
async function* openSealed(
  session: Session,
  order: SealedReading,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, void, void> {
  const client = await loadSealedClient(session).catch(() => undefined)
  if (client) yield* client.read(order, signal)
  else yield { type: 'broken' }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
