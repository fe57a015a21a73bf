import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useTelegram } from '../telegram/telegram-context.tsx'
import { Bar } from './bar.tsx'
import { ErrorFence } from './error-fence.tsx'
import { PageLoading } from './page-loading.tsx'
import { PAGES, placeOf, startPath } from './places.ts'
import { useGo } from './use-go.ts'

/** Whoever is inside Telegram never loads it. */
const LandingPage = lazy(async () => ({ default: (await import('../landing/landing-page.tsx')).LandingPage }))

/** The whole app: a page and the bar, or the landing page for whoever comes from outside Telegram. */
export function Shell({ startParam }: { readonly startParam: string | undefined }): ReactNode {
  const [pathname] = useLocation()
  const { isInside } = useTelegram()
  const go = useGo()
  const place = placeOf(pathname)
  const isLost = place === undefined && isInside
  useEffect(() => {
    if (isLost) go(startPath(startParam), 'replace')
  }, [isLost, go, startParam])
  const shown = place ?? (isInside ? 'chat' : undefined)
  if (shown === undefined) {
    return (
      <ErrorFence name="landing">
        <Suspense>
          <LandingPage />
        </Suspense>
      </ErrorFence>
    )
  }
  const PageOfPlace = PAGES[shown]
  return (
    <div className="shell">
      <ErrorFence name={shown}>
        <Suspense fallback={<PageLoading place={shown} />}>{!isLost && <PageOfPlace />}</Suspense>
      </ErrorFence>
      <Bar place={shown} />
    </div>
  )
}
