import type { Network } from './network.ts'

/** The bundled model: its name works in the example where nothing better is known. */
export const BUNDLED_MODEL = 'silkworm'
/** Only names of these letters are put into a command that a person will run. */
const PLAIN_NAME = /^[\w./:@-]{1,100}$/

/** A request for a terminal, with a model that answers right now. */
export function curlExample(base: string, network: Network | undefined): string {
  const model = network?.models.find(
    ({ id, kind, runners }) => kind === 'chat' && runners > 0 && PLAIN_NAME.test(id),
  )
  return [
    `curl ${base}/chat/completions \\`,
    '  -H "Authorization: Bearer YOUR_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"model":"${model?.id ?? BUNDLED_MODEL}",`,
    `       "messages":[{"role":"user","content":"Hello"}]}'`,
  ].join('\n')
}
