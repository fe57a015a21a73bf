import type { ReactNode } from 'react'
import { formatTon, type Nano } from '../../../protocol/src/money.ts'
import { useWords } from '../words/define-words.ts'
import { useSpeech } from '../words/words-context.tsx'
import type { NetworkModel } from './network.ts'
import { formatCount } from './price-words.ts'
import { NETWORK_WORDS } from './words/words.ts'

/** The numbers behind the words, for who wants them: prices per 1,000,000 tokens, to the last nano. */
export function ExactFigures({ model }: { readonly model: NetworkModel }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(NETWORK_WORDS)
  const { kind, price, parameters, contextTokens, tokensPerSecond } = model
  const amount = (value: Nano) => `${formatTon(value)} = ${formatCount('en', value)} nano`
  const rows: [string, string | undefined][] = [
    [words['exact-input'], price && amount(price.input)],
    [words['exact-output'], kind === 'chat' && price ? amount(price.output) : undefined],
    [words['exact-speed'], tokensPerSecond > 0 ? formatCount(language, tokensPerSecond) : undefined],
    [words['exact-context'], contextTokens > 0 ? formatCount(language, contextTokens) : undefined],
    [words['exact-size'], parameters > 0 ? formatCount(language, parameters) : undefined],
  ]
  return (
    <details className="card exact">
      <summary>{words.exact}</summary>
      <dl>
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <bdi dir="ltr">{value}</bdi>
                </dd>
              </div>
            ),
        )}
      </dl>
    </details>
  )
}
