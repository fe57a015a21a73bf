import type { StartOptions } from './start-options.ts'

/** What one runner serves: flags of `gpu-runner start`, its environment, and how many models it brings online. */
export type RunnerPlan = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly models: number
}

/** Models that come with the project, the one to chat with first. */
const BUNDLED = ['silkworm', 'all-minilm-l6-v2']

/** What the runner in the simulated TEE serves: the smaller of the bundled models, a name away from the confidential tier. */
export const CONFIDENTIAL_PLAN: RunnerPlan = serve(BUNDLED.slice(0, 1))

/** The runners of a start: with an upstream, one that serves it in silkworm's place. */
export function planRunners({ runners, upstream, plans }: StartOptions): readonly RunnerPlan[] {
  if (plans) return plans
  const bundled = upstream ? BUNDLED.slice(1) : BUNDLED
  const serving = Array.from({ length: runners }, () => serve(bundled))
  if (!upstream) return serving
  const named = upstream.model === undefined ? [] : ['--upstream-model', upstream.model]
  const env = upstream.key === undefined ? {} : { SHARNAQA_UPSTREAM_KEY: upstream.key }
  return [
    { args: ['--engine', 'upstream', '--upstream', upstream.url, ...named], env, models: 1 },
    ...serving,
  ]
}

function serve(models: readonly string[]): RunnerPlan {
  return { args: models.flatMap((model) => ['--model', model]), env: {}, models: models.length }
}
