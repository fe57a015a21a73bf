import { type ReactNode, useEffect, useState } from 'react'
import { useAbout } from '../data/use-about.ts'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { useWords } from '../words/define-words.ts'
import { Sentence } from '../words/words-context.tsx'
import { Row } from './row.tsx'
import { SETTINGS_WORDS } from './words/words.ts'

/** What can be done with the app itself. Nothing where nothing can. */
export function AppCard(): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  const telegram = useTelegram()
  const about = useAbout()
  const [addToHomeScreen, setAdd] = useState<() => void>()
  useEffect(() => {
    let left = false
    void telegram.ready.then((client) => !left && setAdd(() => client.addToHomeScreen))
    return () => {
      left = true
    }
  }, [telegram])
  const { botUsername, support } = about ?? {}
  const helper = /^@(\w{1,64})$/.exec(support ?? '')?.[1]
  if (!addToHomeScreen && botUsername === undefined && support === undefined) return null
  return (
    <section className="card rows" aria-labelledby="app">
      <h2 id="app">{words.app}</h2>
      <ul>
        {addToHomeScreen && (
          <Row title={words['home-screen']} onPress={addToHomeScreen} testId="home-screen" />
        )}
        {botUsername !== undefined && (
          <Row
            title={words.share}
            onPress={() => telegram.share(`https://t.me/${botUsername}`, words['share-text'])}
            testId="share"
          />
        )}
        {support !== undefined && (
          <Row
            title={words.support}
            hint={<Sentence text={words['support-hint']} name={<bdi>{support}</bdi>} />}
            {...(helper ? { onPress: () => telegram.openChat(`https://t.me/${helper}`) } : {})}
            testId="support"
          />
        )}
      </ul>
    </section>
  )
}
