import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useLive } from '../../data/use-live.ts'
import { useSession } from '../../session/session-context.tsx'
import { Page } from '../../shell/page.tsx'
import { useGo } from '../../shell/use-go.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import type { SealReport } from '../check-place.ts'
import { readSealPath, type SealPlace } from '../seal-path.ts'
import { loadSealedClient } from '../use-sealed.ts'
import { PairedReport } from './paired-report.tsx'
import './seal-page.css'
import { StepList } from './step-list.tsx'
import { TeeVerdict } from './tee-verdict.tsx'
import { Trusted } from './trusted.tsx'
import { SEAL_PAGE_WORDS } from './words/words.ts'

/** Why nobody can read a question: this device checks the evidence again, here, and shows every step of it. */
export function SealPage(): ReactNode {
  const general = useSpeech().words
  const words = useWords(SEAL_PAGE_WORDS)
  const [pathname] = useLocation()
  const go = useGo()
  const place = readSealPath(pathname)
  const back = () => (history.length > 1 ? history.back() : go('/chat', 'replace'))
  return (
    <Page title={general['place-seal']} onBack={back} className="seal-page">
      {place ? (
        <Checked place={place} />
      ) : (
        <>
          <article className="card">
            <p>{words.idea}</p>
            <p className="hint">{words['idea-evidence']}</p>
          </article>
          <Trusted kind="tee" />
        </>
      )}
    </Page>
  )
}

/** Reasons of the network that mean: it was there, and is kept no more. */
const GONE = 'gone'

function Checked({ place }: { readonly place: SealPlace }): ReactNode {
  const words = useWords(SEAL_PAGE_WORDS)
  const session = useSession()
  const report = useLive<SealReport | typeof GONE | 'swapped'>({
    key: ['seal', 'report', place.evidenceDigest, place.manifestDigest ?? '', place.model ?? ''],
    ask: async (signal) => {
      const client = await loadSealedClient(session).catch(() => undefined)
      const reply = await client?.check(place, signal)
      if (!reply) return { ok: false, reason: 'unreachable', sentence: undefined }
      if (reply.ok || reply.reason === 'unreachable') return reply
      return { ok: true, value: reply.reason === 'evidence-of-another' ? 'swapped' : GONE }
    },
  })
  return (
    <div className="whole">
      <LiveView
        of={report}
        skeleton={
          <>
            <Bone rows={3} />
            <Bone rows={13} />
          </>
        }
      >
        {(value) =>
          typeof value === 'string' ? (
            <p className="card" role="status" data-testid="seal-gone">
              {words[value]}
            </p>
          ) : (
            <Report report={value} />
          )
        }
      </LiveView>
    </div>
  )
}

function Report({ report }: { readonly report: SealReport }): ReactNode {
  if (report.kind === 'paired') return <PairedReport report={report} />
  return (
    <div className="seal-columns">
      <div className="column">
        <TeeVerdict report={report} />
        <Trusted kind="tee" />
      </div>
      <StepList steps={report.document.steps} />
    </div>
  )
}
