import type { ReactNode } from 'react'
import type { RunnerDetailJson } from '../../../../protocol/src/miniapp/runners.ts'
import { durationWords, momentWords, shareWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { RUNNER_WORDS } from './words/words.ts'

/** So many interruptions are listed; more than that are counted. */
const SHOWN_MAX = 10

type Props = { readonly runner: RunnerDetailJson; readonly nowMs: number }

/** How much of the time it was connected, and when it was not. */
export function UptimeCard({ runner, nowMs }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(RUNNER_WORDS)
  const shares = [
    { share: runner.online_share_24h, text: words['online-24h'] },
    { share: runner.online_share_7d, text: words['online-7d'] },
  ]
  return (
    <article className="card">
      <h2>{words.uptime}</h2>
      <div className="shares">
        {shares.map(({ share, text }) => (
          <p key={text}>
            <b>
              <bdi dir="ltr">{shareWords(language, share)}</bdi>
            </b>
            <span className="hint">{text}</span>
          </p>
        ))}
      </div>
      <Downtimes downtimes={runner.downtimes} nowMs={nowMs} />
    </article>
  )
}

function Downtimes({
  downtimes,
  nowMs,
}: Pick<RunnerDetailJson, 'downtimes'> & Pick<Props, 'nowMs'>): ReactNode {
  const { language } = useSpeech()
  const words = useWords(RUNNER_WORDS)
  if (downtimes.length === 0) return <p className="hint">{words['no-downtime']}</p>
  const more = downtimes.length - SHOWN_MAX
  return (
    <>
      <h3 className="hint">{words.downtimes}</h3>
      <ul className="rows downtimes">
        {downtimes.slice(0, SHOWN_MAX).map(({ from_ms, to_ms }) => {
          const from = momentWords(language, from_ms, nowMs)
          const time = durationWords(language, (to_ms ?? nowMs) - from_ms)
          return (
            <li key={from_ms} data-testid="downtime">
              {fillText(words[to_ms === null ? 'down-still' : 'down-for'], { from, time })}
            </li>
          )
        })}
        {more > 0 && <li className="hint">{fillText(words['down-more'], { count: more })}</li>}
      </ul>
    </>
  )
}
