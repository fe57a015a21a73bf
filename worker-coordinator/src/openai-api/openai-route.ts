import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { chatCompletionsRoute } from './chat-completions-route.ts'
import { embeddingsRoute } from './embeddings-route.ts'
import { modelsRoute } from './models-route.ts'
import type { OpenAiDeps } from './openai-deps.ts'
import { identify, type OpenAiEnv, refuse } from './openai-edge-route.ts'

/** Paths of the API and the methods each takes; a GET route takes HEAD too. */
const METHODS = [
  ['/v1/chat/completions', 'POST, OPTIONS'],
  ['/v1/embeddings', 'POST, OPTIONS'],
  ['/v1/models', 'GET, HEAD, OPTIONS'],
  ['/v1/models/:id{.+}', 'GET, HEAD, OPTIONS'],
] as const

/** Headers that a browser's script may read. */
const EXPOSED = [
  'retry-after',
  'x-request-id',
  'x-sharnaqa-job',
  'x-sharnaqa-simulated',
  'x-should-retry',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
]
const PREFLIGHT_SECONDS = 86_400

/** The whole OpenAI-compatible API under `/v1`: its routes, and an error in OpenAI's shape for everything else there. */
export function createOpenAiApi(deps: OpenAiDeps): Hono<OpenAiEnv> {
  const api = new Hono<OpenAiEnv>()
  // Any origin: a caller is known by its key alone, never by a cookie.
  api.use(
    '/v1/*',
    cors({
      origin: '*',
      allowMethods: ['GET', 'HEAD', 'POST'],
      exposeHeaders: EXPOSED,
      maxAge: PREFLIGHT_SECONDS,
    }),
  )
  api.use('/v1/*', identify(deps))
  for (const route of [chatCompletionsRoute(deps), embeddingsRoute(deps), modelsRoute(deps)]) {
    api.route('/', route)
  }
  for (const [path, allow] of METHODS) {
    api.all(path, (c) => {
      c.header('allow', allow)
      return refuse(c, 'method-not-allowed')
    })
  }
  api.all('/v1/*', (c) => refuse(c, 'not-found'))
  api.onError((error, c) => {
    deps.log('openai-request-failed', {
      jobId: c.var.jobId,
      path: c.req.path.slice(0, 64),
      at: placeOf(error),
    })
    return refuse(c, 'internal')
  })
  return api
}

/** Where an error was thrown and of which kind, without its words: those may repeat what a caller sent. */
function placeOf(error: Error): string {
  const lines = error.stack?.replace(error.message, '').split('\n') ?? []
  const place = lines.find((line) => line.startsWith('    at ')) ?? ''
  return `${error.name} ${place.trim()}`
}
