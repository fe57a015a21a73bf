import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/base.css'
import './styles/page.css'
import './styles/network.css'
import { App } from './page/app.tsx'
import { Header } from './page/header.tsx'
import { readPageSettings } from './start/page-settings.ts'
import { WORDS } from './words/words.ts'
import { SpeechContext } from './words/words-context.tsx'

/** Loaded when it is opened: most people who look at the network have no business there. */
const WalletPage = lazy(async () => ({ default: (await import('./wallet/wallet-page.tsx')).WalletPage }))

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const { language } = readPageSettings(location, navigator.languages)
const words = WORDS[language]
document.title = words.name

createRoot(root).render(
  <StrictMode>
    <SpeechContext value={{ language, words }}>
      {location.pathname === '/wallet' ? (
        <Suspense fallback={<Header />}>
          <WalletPage />
        </Suspense>
      ) : (
        <App />
      )}
    </SpeechContext>
  </StrictMode>,
)
