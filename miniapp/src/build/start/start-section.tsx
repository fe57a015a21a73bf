import { type ReactNode, useRef } from 'react'
import type { ApiKeyListJson, CreatedApiKeyJson } from '../../../../protocol/src/miniapp/keys.ts'
import type { Session } from '../../session/session.ts'
import { Bone } from '../../ui/bones.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { OpenInTelegram } from '../../ui/open-in-telegram.tsx'
import { useWide } from '../../ui/use-wide.ts'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { helloBody } from '../examples/examples.ts'
import { ExampleCode } from '../examples/examples-card.tsx'
import { exampleModel } from '../prices/offered-models.ts'
import { PricesSection } from '../prices/prices-section.tsx'
import { SectionList } from '../section-list.tsx'
import { useCreatedKey, useKeys, useModels } from '../use-build.ts'
import { BUILD_WORDS } from '../words/words.ts'
import { FirstAnswer } from './first-answer.tsx'

/** The beginning for somebody who is known: the way to the first answer, and later what is looked up most. */
export function PersonalStart({ session }: { readonly session: Session }): ReactNode {
  const isWide = useWide()
  const keys = useKeys(session)
  const [created] = useCreatedKey()
  const list = !isWide && <SectionList />
  // Who was led to the first answer sees it arrive: the way does not vanish under their eyes.
  const wasNew = useRef(false)
  if ('value' in keys.live && isNew(keys.live.value.data, created)) wasNew.current = true
  return (
    <>
      {keys.live.state === 'failed' && list}
      <LiveView of={keys} skeleton={<StartSkeleton />}>
        {({ data }) =>
          wasNew.current ? (
            <>
              <FirstAnswer session={session} hasKey={data.length > 0} />
              {list}
            </>
          ) : (
            <>
              {list}
              <BaseAndExamples apiKey={created?.key} />
            </>
          )
        }
      </LiveView>
    </>
  )
}

/** Who never asked anything with a key, or has just made one, is taken to the first answer. */
function isNew(keys: ApiKeyListJson['data'], created: CreatedApiKeyJson | undefined): boolean {
  return created !== undefined || keys.every(({ last_used_at }) => last_used_at === null)
}

/** The beginning for somebody who is not known. */
export function PublicStart(): ReactNode {
  const words = useWords(BUILD_WORDS)
  const isWide = useWide()
  return (
    <>
      <BaseAndExamples apiKey={undefined} />
      <PricesSection />
      <OpenInTelegram start="build" why={words['key-outside']} />
      {!isWide && <SectionList />}
    </>
  )
}

function BaseAndExamples({ apiKey }: { readonly apiKey: string | undefined }): ReactNode {
  const words = useWords(BUILD_WORDS)
  const { live } = useModels()
  const model = exampleModel('value' in live ? live.value : [])
  return (
    <article className="card">
      <h2>{words.examples}</h2>
      <CodeBlock text={`${location.origin}/v1`} label={words['base-url']} />
      <p className="hint">
        <Sentence
          text={words['base-hint']}
          model={
            <bdi dir="ltr">
              <b>{model}</b>
            </bdi>
          }
        />
      </p>
      <ExampleCode body={helloBody(model)} apiKey={apiKey} />
    </article>
  )
}

function StartSkeleton(): ReactNode {
  return (
    <>
      <Bone rows={6} />
      <Bone rows={6} />
    </>
  )
}
