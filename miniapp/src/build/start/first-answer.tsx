import { type ReactNode, useEffect, useState } from 'react'
import './start.css'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { requestLogSchema } from '../../../../protocol/src/miniapp/requests.ts'
import { nano, parseNano } from '../../../../protocol/src/money.ts'
import { useLive } from '../../data/use-live.ts'
import { formatCount } from '../../network/price-words.ts'
import type { Session } from '../../session/session.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Amount } from '../../ui/amount.tsx'
import { Chevron } from '../../ui/chevron.tsx'
import { Command } from '../../ui/command.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { Sentence, useSpeech } from '../../words/words-context.tsx'
import { helloBody, KEY_PLACE } from '../examples/examples.ts'
import { ExampleCode } from '../examples/examples-card.tsx'
import { KeyCreated } from '../keys/key-created.tsx'
import { NewKey } from '../keys/new-key.tsx'
import { exampleModel } from '../prices/offered-models.ts'
import { type LoggedRequest, reasonOf, timeWords } from '../requests/request-words.ts'
import { useCreatedKey, useModels } from '../use-build.ts'
import { BUILD_WORDS } from '../words/words.ts'
import { StepMark, type StepState } from './step-mark.tsx'

const WATCH_MS = 2500
const parseRequests = parserOf(requestLogSchema)

type Props = {
  readonly session: Session
  /** A key is there, whose text nobody knows any more. */
  readonly hasKey: boolean
}

/** From nothing to the first answer: a key, an example that has it, and a tick when the request is there. */
export function FirstAnswer({ session, hasKey }: Props): ReactNode {
  const words = useWords(BUILD_WORDS)
  const [created, keepCreated] = useCreatedKey()
  const { live } = useModels()
  const model = exampleModel('value' in live ? live.value : [])
  const isReady = created !== undefined || hasKey
  const first = useFirstRequest(session, isReady, created?.id)
  const isDone = first?.state === 'done'
  return (
    <section className="card first-answer" aria-labelledby="first-answer">
      <h2 id="first-answer">{words['first-title']}</h2>
      <ol>
        <Step state={isReady ? 'done' : 'now'} title={words['first-make']}>
          {hasKey && !created && (
            <p className="hint">
              <Sentence text={words['first-made']} place={<Command text={KEY_PLACE} />} />
            </p>
          )}
          {created ? (
            <KeyCreated created={created} onCopied={isDone ? () => keepCreated(undefined) : undefined} />
          ) : (
            <NewKey session={session} />
          )}
        </Step>
        <Step state={isDone ? 'done' : isReady ? 'now' : 'later'} title={words['first-run']}>
          {isReady && <ExampleCode body={helloBody(model)} apiKey={created?.key} />}
        </Step>
        <Step state={isDone ? 'done' : isReady ? 'now' : 'later'} title={words['first-see']}>
          <div role="status" data-testid="first-answer" data-state={first?.state ?? 'none'}>
            {first ? <Arrived request={first} /> : <Waiting isReady={isReady} />}
          </div>
        </Step>
      </ol>
    </section>
  )
}

type StepProps = { readonly state: StepState; readonly title: string; readonly children: ReactNode }

function Step({ state, title, children }: StepProps): ReactNode {
  return (
    <li data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <StepMark state={state} />
      <h3>{title}</h3>
      <div className="column">{children}</div>
    </li>
  )
}

function Waiting({ isReady }: { readonly isReady: boolean }): ReactNode {
  const words = useWords(BUILD_WORDS)
  return (
    <>
      <p className="hint">{words[isReady ? 'first-waits' : 'first-later']}</p>
      {isReady && <div className="thread" />}
    </>
  )
}

function Arrived({ request }: { readonly request: LoggedRequest }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const reason = reasonOf(request)
  if (reason) return <p>{fillText(words['first-failed'], { reason: words[`reason-${reason}`] })}</p>
  if (request.state === 'stopped') return <p>{words['first-stopped']}</p>
  if (request.state !== 'done') return <p>{words['first-running']}</p>
  const count = request.completion_tokens
  const tokens = fillText(pluralOf(language, words.tokens, count), { count: formatCount(language, count) })
  return (
    <>
      <p className="healthy">{words['first-arrived']}</p>
      <p className="hint">
        <Sentence
          text={words['first-facts']}
          tokens={tokens}
          time={<bdi>{timeWords(language, request.took_ms ?? 0)}</bdi>}
          cost={<Amount of={parseNano(request.charge_nano) ?? nano(0n)} />}
        />
      </p>
      <PlaceLink to="/build/requests" className="link">
        {words['first-next']}
        <Chevron />
      </PlaceLink>
    </>
  )
}

/** The newest request with the new key, looked for until it was answered; with any key where none is new. */
function useFirstRequest(
  session: Session,
  isReady: boolean,
  keyId: number | undefined,
): LoggedRequest | undefined {
  const telegram = useTelegram()
  const [isAnswered, setAnswered] = useState(false)
  const query = keyId === undefined ? '' : `&key=${keyId}`
  const { live } = useLive({
    key: ['build', 'first-request', keyId ?? 'any'],
    ask: (signal) => session.ask(`/v1/requests?limit=10${query}`, parseRequests, { signal }),
    isEnabled: isReady,
    ...(isAnswered ? {} : { everyMs: WATCH_MS }),
  })
  const listed = 'value' in live ? live.value.data : []
  const withKey = listed.filter(({ key_name }) => keyId !== undefined || key_name !== null)
  const found = withKey.find(({ state }) => state === 'done') ?? withKey[0]
  const isDone = found?.state === 'done'
  useEffect(() => {
    if (!isDone) return
    setAnswered(true)
    telegram.haptic('success')
  }, [isDone, telegram])
  return found
}
