import { type ReactNode, useState } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Command } from '../../ui/command.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useWords } from '../../words/define-words.ts'
import { Sentence } from '../../words/words-context.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import { type ChatBody, CODE_LANGUAGES, type CodeLanguage, KEY_PLACE, writeExample } from './examples.ts'

/** What is run once, and then each time. */
const RUN = {
  javascript: ['npm install openai', 'node hello.mjs'],
  python: ['pip install openai', 'python hello.py'],
} as const

type Props = {
  readonly body: ChatBody
  /** The person's key, as long as it is known here. */
  readonly apiKey: string | undefined
  readonly testId?: string
}

/** A request as code in three languages, to be copied whole. */
export function ExampleCode({ body, apiKey, testId = 'example' }: Props): ReactNode {
  const words = useWords(BUILD_WORDS)
  const [language, setLanguage] = useState<CodeLanguage>('curl')
  const code = writeExample(language, {
    baseUrl: `${location.origin}/v1`,
    key: apiKey ?? KEY_PLACE,
    body,
  })
  return (
    <div className="column example" data-testid={testId} data-language={language}>
      <Segmented
        label={words['example-language']}
        options={CODE_LANGUAGES.map((value) => ({ value, text: words[`name-${value}`] }))}
        value={language}
        onChange={setLanguage}
      />
      <CodeBlock
        text={code}
        label={language === 'curl' ? words['file-curl'] : words[`name-file-${language}`]}
      />
      <p className="hint">
        {language === 'curl' ? (
          words['run-curl']
        ) : (
          <Sentence
            text={words[`run-${language}`]}
            install={<Command text={RUN[language][0]} />}
            run={<Command text={RUN[language][1]} />}
          />
        )}
      </p>
      <p className="hint">
        {apiKey === undefined ? (
          <Sentence text={words['key-place']} place={<Command text={KEY_PLACE} />} />
        ) : (
          words['key-is-in']
        )}
      </p>
    </div>
  )
}
