import type { ReactNode } from 'react'
import type { FleetJson } from '../../../../protocol/src/miniapp/runners.ts'
import { formatCount } from '../../network/price-words.ts'
import { Page } from '../../shell/page.tsx'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useGo } from '../../shell/use-go.ts'
import { MainAction } from '../../ui/main-action.tsx'
import { useWide } from '../../ui/use-wide.ts'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { ForecastCard } from '../forecast/forecast-card.tsx'
import { useFleet } from '../use-earn.ts'
import { useKeptScroll } from '../use-kept-scroll.ts'
import { EARN_WORDS } from '../words/words.ts'
import { FleetColumn } from './fleet-column.tsx'
import { countLit } from './fleet-view.ts'

/** The first of the earn pages: what was earned, by which computers, and the way to add one. */
export function HomePage(): ReactNode {
  const general = useSpeech().words
  const words = useWords(EARN_WORDS)
  const fleet = useFleet()
  const isWide = useWide()
  const go = useGo()
  const keptScroll = useKeptScroll('home')
  return (
    <Page
      title={general['place-earn']}
      under={<Under fleet={'value' in fleet.live ? fleet.live.value : undefined} />}
      end={<AddLink />}
      foot={<MainAction text={words['add-gpu']} onPress={() => go('/earn/add')} />}
      className="earn"
    >
      <div ref={keptScroll} className="column">
        <FleetColumn fleet={fleet} />
      </div>
      {isWide && (
        <div className="column">
          <ForecastCard />
        </div>
      )}
    </Page>
  )
}

/** "2 computers · 1 working now". */
function Under({ fleet }: { readonly fleet: FleetJson | undefined }): ReactNode {
  const { language } = useSpeech()
  const words = useWords(EARN_WORDS)
  if (!fleet) return '\u00a0'
  const all = fleet.data.length
  if (all === 0) return words['first-under']
  const lit = countLit(fleet.data)
  const say = (forms: typeof words.computers, count: number) =>
    fillText(pluralOf(language, forms, count), { count: formatCount(language, count) })
  return `${say(words.computers, all)} · ${lit === 0 ? words['nobody-works'] : say(words['working-now'], lit)}`
}

/** In the header as well: the large button may be far below, or Telegram's own. */
function AddLink(): ReactNode {
  const words = useWords(EARN_WORDS)
  return (
    <PlaceLink to="/earn/add" className="icon-button" label={words['add-gpu']} testId="add-gpu">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 5v14M5 12h14" />
      </svg>
    </PlaceLink>
  )
}
