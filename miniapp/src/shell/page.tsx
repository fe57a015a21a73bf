import { type ReactNode, useEffect } from 'react'
import { Mark } from '../ui/mark.tsx'
import { useSpeech } from '../words/words-context.tsx'
import { PlaceIcon } from './icons.tsx'
import { PlaceLink } from './place-link.tsx'
import { useBack } from './use-back.ts'

type Props = {
  readonly title: string
  /** One line under the title: how things stand. */
  readonly under?: ReactNode
  /** At the header's end, in front of the way to the settings. */
  readonly end?: ReactNode
  /** Below what scrolls, always in view: a composer, an action. */
  readonly foot?: ReactNode
  /** A detail has a way back: a chevron here, Telegram's own button there. */
  readonly onBack?: (() => void) | undefined
  /** `plain`: no columns and no padding; the page lays itself out. */
  readonly layout?: 'columns' | 'plain'
  readonly className?: string
  readonly children: ReactNode
}

/** A page's frame: header, what scrolls, and what stays below it. */
export function Page(props: Props): ReactNode {
  const { title, under, end, foot, onBack, layout = 'columns', className = '', children } = props
  const { words } = useSpeech()
  useBack(onBack)
  useEffect(() => {
    document.title = `${title} · ${words.name}`
  }, [title, words])
  return (
    <div className={`screen ${className}`}>
      <header className="top">
        <div className="top-row">
          {onBack ? (
            <button type="button" className="back" aria-label={words.back} onClick={onBack}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="m14.5 5-7 7 7 7" />
              </svg>
            </button>
          ) : (
            <Mark />
          )}
          <div className="titles">
            <h1>{title}</h1>
            {under !== undefined && <p className="hint">{under}</p>}
          </div>
          <div className="top-end">
            {end}
            {!onBack && (
              <PlaceLink
                to="/settings"
                className="icon-button"
                label={words['place-settings']}
                testId="to-settings"
              >
                <PlaceIcon place="settings" />
              </PlaceLink>
            )}
          </div>
        </div>
      </header>
      <main className={layout === 'columns' ? 'scroll page' : 'scroll'} tabIndex={-1}>
        {children}
      </main>
      {foot}
    </div>
  )
}
