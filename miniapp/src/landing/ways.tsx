import type { ReactNode } from 'react'
import { PlaceIcon } from '../shell/icons.tsx'
import { PlaceLink } from '../shell/place-link.tsx'
import { Chevron } from '../ui/chevron.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { useWords } from '../words/define-words.ts'
import { telegramLink } from './telegram-link.ts'
import { LANDING_WORDS } from './words/words.ts'

/** Chat, earn, build: what each is, and where it begins. */
export function Ways({ bot }: { readonly bot: string | undefined }): ReactNode {
  const words = useWords(LANDING_WORDS)
  return (
    <section className="landing-ways" aria-labelledby="ways">
      <h2 id="ways">{words.next}</h2>
      <Way place="chat" bot={bot}>
        <p className="hint">{words['chat-reads']}</p>
      </Way>
      <Way place="earn" bot={bot} />
      <Way place="build" bot={undefined}>
        <CodeBlock text={`${location.origin}/v1`} label={words['build-base']} />
      </Way>
    </section>
  )
}

type WayProps = {
  readonly place: 'chat' | 'earn' | 'build'
  /** With a bot the way leads into Telegram; without one to the page itself, which says how it goes on. */
  readonly bot: string | undefined
  readonly children?: ReactNode
}

function Way({ place, bot, children }: WayProps): ReactNode {
  const words = useWords(LANDING_WORDS)
  const go = (
    <>
      {words[`${place}-go`]}
      <Chevron />
    </>
  )
  return (
    <article className="card landing-way">
      <h3>
        <PlaceIcon place={place} />
        {words[place]}
      </h3>
      <p>{words[`${place}-how`]}</p>
      {children}
      {bot === undefined ? (
        <PlaceLink to={`/${place}`} className="link">
          {go}
        </PlaceLink>
      ) : (
        <a className="link" href={telegramLink(bot, place)}>
          {go}
        </a>
      )}
    </article>
  )
}
