import type { ReactNode } from 'react'
import { curlExample } from '../network/curl-example.ts'
import type { Network } from '../network/network.ts'
import { Chevron } from '../ui/chevron.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { useSpeech } from '../words/words-context.tsx'

export function BuildCard({ network }: { readonly network: Network | undefined }): ReactNode {
  const { words } = useSpeech()
  const base = `${location.origin}/v1`
  return (
    <article className="card">
      <h3>{words.build}</h3>
      <p>{words['build-how']}</p>
      <CodeBlock text={base} label={words['build-base']} />
      <CodeBlock text={curlExample(base, network)} label={words['build-try']} />
      <p className="hint">{words['build-key']}</p>
      <a className="link" href="/v1/network">
        {words['build-live']}
        <Chevron />
      </a>
    </article>
  )
}
