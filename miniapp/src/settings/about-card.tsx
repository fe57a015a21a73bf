import type { ReactNode } from 'react'
import { version } from '../../../package.json'
import { useAbout } from '../data/use-about.ts'
import { useWords } from '../words/define-words.ts'
import { Sentence, useSpeech } from '../words/words-context.tsx'
import { Row } from './row.tsx'
import { SETTINGS_WORDS } from './words/words.ts'

/** The network as such, and the pages that show it to everybody. */
export function AboutCard(): ReactNode {
  const { language } = useSpeech()
  const words = useWords(SETTINGS_WORDS)
  const about = useAbout()
  const look = `?lang=${language}&theme=${document.documentElement.dataset.theme ?? 'auto'}`
  return (
    <section className="card rows" aria-labelledby="about">
      <h2 id="about">{words.about}</h2>
      <p className="hint">
        <Sentence text={words.version} version={<bdi dir="ltr">{version}</bdi>} />
      </p>
      <ul>
        <Row title={words.network} to="/network" />
        {about?.takesCoins && <Row title={words.reserves} href={`/reserves.html${look}`} />}
        {about?.takesCoins && <Row title={words.exit} href={`/exit.html${look}`} />}
      </ul>
      {about?.takesCoins === false && <p className="hint">{words['no-coins']}</p>}
      {about?.takesCoins && about.tonNetwork === '-3' && <p className="hint">{words['test-network']}</p>}
    </section>
  )
}
