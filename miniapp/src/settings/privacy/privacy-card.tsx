import type { ReactNode } from 'react'
import { TierGlyph } from '../../ui/tier-glyph.tsx'
import { useWords } from '../../words/define-words.ts'
import { Listed } from '../listed.tsx'
import { SETTINGS_WORDS } from '../words/words.ts'

const TIERS = ['open', 'own', 'confidential'] as const

/** What is stored where and for how long, and who can read a question in each tier. */
export function PrivacyCard(): ReactNode {
  const words = useWords(SETTINGS_WORDS)
  const places = [
    [words['place-device'], words['what-device'], words['long-device']],
    [words['telegram-name'], words['what-telegram'], words['long-telegram']],
    [words['place-coordinator'], words['what-coordinator'], words['long-coordinator']],
    [words['place-owner'], words['what-owner'], words['long-owner']],
    [words['place-chain'], words['what-chain'], words['long-chain']],
  ] as const
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and the keyboard must scroll it */}
      <section className="card" aria-labelledby="where" tabIndex={0}>
        <h2 id="where" className="detail-title">
          {words.where}
        </h2>
        <table className="places" data-testid="privacy">
          <thead className="unseen">
            <tr>
              <th>{words.column}</th>
              <th>{words['column-what']}</th>
              <th>{words['column-long']}</th>
            </tr>
          </thead>
          <tbody>
            {places.map(([place, what, long]) => (
              <tr key={place}>
                <th scope="row">{place}</th>
                <td>{what.includes(' · ') ? <Listed items={what} /> : what}</td>
                <td className="hint">{long}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <article className="card" aria-labelledby="who-reads">
        <h2 id="who-reads">{words['who-reads']}</h2>
        <dl className="readers">
          {TIERS.map((tier) => (
            <div key={tier}>
              <dt>
                <TierGlyph tier={tier} /> {words[`tier-${tier}`]}
              </dt>
              <dd>{words[`reads-${tier}`]}</dd>
            </div>
          ))}
        </dl>
        <p className="hint">{words.training}</p>
      </article>
    </>
  )
}
