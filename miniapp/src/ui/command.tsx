import type { ReactNode } from 'react'

/** A command of the bot inside a sentence. */
export function Command({ text }: { readonly text: string }): ReactNode {
  return (
    <bdi dir="ltr">
      <code className="command">{text}</code>
    </bdi>
  )
}
