import { createApp } from './app.ts'
import { createAppDeps } from './app-deps.ts'
import { createDeps } from './deps.ts'
import { expireJobs } from './jobs/expire-jobs.ts'
import { createMoneyDeps } from './money-deps.ts'

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
      createMoneyDeps(env).tendMoney(event.scheduledTime),
    ])
  },
} satisfies ExportedHandler<Cloudflare.Env>
