import type { CommandContext } from '../run-cli.ts'

export type ReadAddress =
  | { readonly ok: true; readonly origin: string }
  | { readonly ok: false; readonly sentence: string }

const LOCAL_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** Where the network is: `--api`, or `SHARNAQA_API`. An API key goes there, so only `https:`, or this machine itself. */
export function readApiAddress({ flags, env }: Pick<CommandContext, 'flags' | 'env'>): ReadAddress {
  const given = flags.api ?? env.SHARNAQA_API
  if (given === undefined || given === '')
    return refuse('It is not known which network to ask. Action: add --api https://…/v1')
  const url = URL.parse(given)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse('--api is no address. Action: write it as https://…/v1')
  if (url.protocol === 'http:' && !LOCAL_HOSTS.includes(url.hostname))
    return refuse('--api would send the API key unencrypted. Action: use https://…')
  const path = url.pathname.replace(/\/+$/, '')
  if (path !== '' && path !== '/v1') return refuse('--api has a path that is not /v1. Action: leave it out')
  return { ok: true, origin: url.origin }
}

/** The API key: `--key`, or `SHARNAQA_API_KEY`. */
export function readApiKey({ flags, env }: Pick<CommandContext, 'flags' | 'env'>): string | undefined {
  return flags.key || env.SHARNAQA_API_KEY || undefined
}

function refuse(sentence: string): ReadAddress {
  return { ok: false, sentence }
}
