import { type ReactNode, useState } from 'react'
import './playground.css'
import type { Session } from '../../session/session.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { ExampleCode } from '../examples/examples-card.tsx'
import { chatModels, type OfferedModel, offerOf } from '../prices/offered-models.ts'
import { useCreatedKey, useModels } from '../use-build.ts'
import { useKept } from '../use-kept.ts'
import { AnswerCard } from './answer-card.tsx'
import { isOver } from './next-run.ts'
import { type PlaygroundDraft, readDraft } from './playground-draft.ts'
import { PlaygroundForm } from './playground-form.tsx'
import { usePlayground } from './use-playground.ts'
import { PLAYGROUND_WORDS } from './words/words.ts'

/** A request to try: what is asked, what comes back, and the same as code. */
export function PlaygroundSection({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const models = useModels()
  return (
    <LiveView of={models} skeleton={<Bone rows={8} />}>
      {(all) => {
        const served = chatModels(all)
        const [first] = served
        return first ? (
          <Playground session={session} models={served} first={first} />
        ) : (
          <p className="card">{words['no-models']}</p>
        )
      }}
    </LiveView>
  )
}

type Props = {
  readonly session: Session
  readonly models: readonly OfferedModel[]
  readonly first: OfferedModel
}

function Playground({ session, models, first }: Props): ReactNode {
  const words = useWords(PLAYGROUND_WORDS)
  const [kept, keep] = useKept<PlaygroundDraft>('playground')
  const [created] = useCreatedKey()
  const [wasTried, setTried] = useState(false)
  const { run, start, stop } = usePlayground(session)
  const draft = fitDraft(kept ?? emptyDraft(first), models, first)
  const read = readDraft(draft)
  const isRunning = run !== undefined && !isOver(run)
  const send = () => {
    setTried(true)
    if (read.ok) start(read.body)
  }
  return (
    <>
      <PlaygroundForm
        models={models}
        draft={draft}
        read={read}
        showFaults={wasTried ? 'yes' : 'no'}
        isRunning={isRunning}
        onChange={keep}
        onRun={send}
      />
      <AnswerCard run={run} onStop={stop} />
      <article className="card">
        <h2>{words.code}</h2>
        <p className="hint">{words['code-key']}</p>
        <ExampleCode body={read.body} apiKey={created?.key} testId="playground-code" />
      </article>
    </>
  )
}

function emptyDraft(model: OfferedModel): PlaygroundDraft {
  return {
    model: model.id,
    tier: 'open',
    system: '',
    message: '',
    temperature: '',
    maxTokens: '',
    answers: 'streamed',
  }
}

/** A draft of a model and a tier that are served: what was chosen may have gone meanwhile. */
function fitDraft(
  draft: PlaygroundDraft,
  models: readonly OfferedModel[],
  first: OfferedModel,
): PlaygroundDraft {
  const model = models.find(({ id }) => id === draft.model) ?? first
  const isServed = offerOf(model, draft.tier) !== undefined
  const tier = isServed ? draft.tier : offerOf(model, 'open') ? 'open' : 'own'
  return { ...draft, model: model.id, tier }
}
