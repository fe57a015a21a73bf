import { createApp } from './app.ts'
import { createAppDeps } from './app-deps.ts'
import { createDeps } from './deps.ts'
import { createFleetDeps } from './fleet-deps.ts'
import { expireJobs } from './jobs/expire-jobs.ts'
import { createMoneyDeps } from './money-deps.ts'
import { createSealDeps } from './seal-deps.ts'

export { ConversationObject } from './conversations/conversation-object.ts'
export { DispatchObject } from './dispatch/dispatch-object.ts'
export { TreasuryObject } from './treasury/treasury-object.ts'

const apps = new WeakMap<Cloudflare.Env, ReturnType<typeof createApp>>()

export default {
  fetch(request, env, context) {
    const app = apps.get(env) ?? createApp(createAppDeps(env))
    apps.set(env, app)
    return app.fetch(request, env, context)
  },
  async scheduled(event, env) {
    await Promise.allSettled([
      expireJobs(createDeps(env)),
      tendPresenceAndMoney(env, event.scheduledTime),
      pruneSealDocuments(env),
    ])
  },
} satisfies ExportedHandler<Cloudflare.Env>

/** Money moves the clock's trace, by which presence tells when it ran last: so that is read first. Neither waits for the other. */
async function tendPresenceAndMoney(env: Cloudflare.Env, scheduledMs: number): Promise<void> {
  const deps = createDeps(env)
  const fleet = createFleetDeps(env, deps)
  const logFailure = (error: unknown) =>
    deps.log('presence-step-failed', { error: error instanceof Error ? error.name : '' })
  const lastMinuteMs = await fleet.readLastMinute().catch(logFailure)
  await Promise.allSettled([
    lastMinuteMs === undefined ? undefined : fleet.tendPresence(lastMinuteMs).catch(logFailure),
    createMoneyDeps(env).tendMoney(scheduledMs),
  ])
}

async function pruneSealDocuments(env: Cloudflare.Env): Promise<void> {
  const deps = createDeps(env)
  await createSealDeps(env, deps)
    .pruneSealDocuments()
    .catch((error: unknown) =>
      deps.log('seal-prune-failed', { error: error instanceof Error ? error.name : '' }),
    )
}
