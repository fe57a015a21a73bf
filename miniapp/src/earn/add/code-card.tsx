import { lazy, type ReactNode, Suspense } from 'react'
import { useAbout } from '../../data/use-about.ts'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { minutesLeft } from '../../ui/duration-words.ts'
import { OutsideLink } from '../../ui/outside-link.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import type { KeptPairing } from './kept-pairing.ts'
import { ADD_WORDS } from './words/words.ts'

const QrCode = lazy(async () => ({ default: (await import('../../ui/qr-code.tsx')).QrCode }))

const MINUTES_MS = 5000
const ONCE = 'npm ci'

/** The line to paste, the code in it, and how both reach the other computer. */
export function CodeCard({ started }: { readonly started: KeptPairing }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(ADD_WORDS)
  const minutes = minutesLeft(started.expiresAtMs, useNow(MINUTES_MS))
  return (
    <article className="card code-card">
      <div data-testid="pairing-command">
        <CodeBlock text={started.command} label={words['run-this']} />
      </div>
      <p className="hint">{words['run-where']}</p>
      <p className="pairing-code">
        <span className="hint">{words['your-code']}</span>
        <bdi dir="ltr" data-testid="pairing-code">
          {started.code}
        </bdi>
        <span className="hint">
          {minutes > 0 && fillText(pluralOf(language, words['minutes-left'], minutes), { count: minutes })}
        </span>
      </p>
      <CarryOver command={started.command} />
      <FirstTime />
    </article>
  )
}

function CarryOver({ command }: { readonly command: string }): ReactNode {
  const words = useWords(ADD_WORDS)
  const telegram = useTelegram()
  const about = useAbout()
  const bot = about?.botUsername
  const send = () =>
    telegram.share(`https://t.me/${bot}?startapp=earn`, fillText(words['send-text'], { command }))
  return (
    <>
      {(!about || bot !== undefined) && (
        <button
          type="button"
          className="button quiet"
          data-testid="pairing-send"
          disabled={bot === undefined}
          onClick={send}
        >
          {words.send}
        </button>
      )}
      <details className="more" data-testid="pairing-qr">
        <summary>{words['show-qr']}</summary>
        <div className="qr-row">
          <Suspense fallback={<div className="qr" />}>
            <QrCode text={command} label={words['qr-name']} />
          </Suspense>
          <p className="hint">{words['qr-why']}</p>
        </div>
      </details>
    </>
  )
}

function FirstTime(): ReactNode {
  const words = useWords(ADD_WORDS)
  return (
    <details className="more">
      <summary>{words['first-time']}</summary>
      <ol className="plain-steps">
        <li>
          <Sentence
            text={words['first-time-1']}
            site={<OutsideLink href="https://nodejs.org">nodejs.org</OutsideLink>}
          />
        </li>
        <li>
          {words['first-time-2']}
          <CodeBlock text={ONCE} label={words['first-time-once']} />
        </li>
        <li>{words['first-time-3']}</li>
      </ol>
    </details>
  )
}
