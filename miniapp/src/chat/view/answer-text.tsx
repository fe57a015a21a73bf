import { lazy, memo, type ReactNode, Suspense } from 'react'

type Props = { readonly text: string }

/** Markdown's code comes when it is needed. Where it does not come, answers stay plain text until the app is opened again. */
const Markdown = lazy(async () => {
  try {
    return { default: (await import('../markdown/markdown.tsx')).Markdown }
  } catch {
    return { default: PlainText }
  }
})

/** An answer's text: as it came until the code for Markdown is there. */
export const AnswerText = memo(function AnswerText({ text }: Props): ReactNode {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} />
    </Suspense>
  )
})

function PlainText({ text }: Props): ReactNode {
  return (
    <p dir="auto" className="plain-answer">
      {text}
    </p>
  )
}
