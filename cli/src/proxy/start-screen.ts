import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedTier } from './proxy-options.ts'

export type StartFacts = {
  readonly url: string
  readonly origin: string
  readonly tier: SealedTier
  readonly trust: Pick<SealTrust, 'pins' | 'simulation' | 'confirmed'>
  readonly manifests: number
}

const BANNER = [
  '!! THE SIMULATED TEE IS ALLOWED. It is made of software and proves nothing:',
  '!! whoever runs it can read what is sealed to it. Never use this with real words.',
  '',
]

/** What a person sees when the proxy listens. */
export function startScreen({ url, origin, tier, trust, manifests }: StartFacts): string {
  const { pins, simulation, confirmed } = trust
  const files = manifests === 0 ? [] : [`files     ${manifests} of your own choice, by their manifests`]
  return [
    ...(simulation === 'allowed' ? BANNER : []),
    `sharnaqa proxy: chats are sealed on this machine before they leave it`,
    '',
    `address   ${url}   (as base URL of any OpenAI client; any key will do)`,
    `network   ${origin}`,
    ...(tier === 'own'
      ? [
          'tier      own: only runners that you confirmed, by keys that they signed themselves',
          ...[...confirmed].map((id) => `          ${id}`),
        ]
      : [
          'tier      confidential: only runners in a TEE whose evidence passes all 13 steps here, now',
          `policy    ${pins.network}, signed by ${pins.threshold} of ${pins.signers.length} signers, number ${pins.seen?.seq ?? pins.minSeq} or later`,
        ]),
    ...files,
    'seals     X-Wing (also against quantum computers); no one between you and the runner reads a word',
    'keeps     nothing of what is asked and answered, on screen or on disk',
    '',
  ].join('\n')
}

/** A policy that nobody has signed yet lets no evidence pass: better said now than at the first chat. */
export function startWarning({ tier, trust }: Pick<StartFacts, 'tier' | 'trust'>): string | undefined {
  if (tier === 'own' || trust.pins.signers.length > 0) return undefined
  return 'These pins name no signer, so no evidence will pass and every chat will be refused. Action: --pins <file>'
}
