import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/base.css'
import './styles/page.css'
import './styles/shell.css'
import './styles/parts.css'
import { createQueryClient } from './data/query-client.ts'
import { createSession } from './session/session.ts'
import { SessionContext } from './session/session-context.tsx'
import { Shell } from './shell/shell.tsx'
import { readChosenLanguage } from './start/chosen-language.ts'
import { readPageSettings } from './start/page-settings.ts'
import { readInitData, readStartParam } from './start/telegram-launch.ts'
import { createTelegram } from './telegram/telegram.ts'
import { TelegramContext } from './telegram/telegram-context.tsx'
import { WORDS } from './words/words.ts'
import { SpeechContext } from './words/words-context.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const { language } = readPageSettings(location, navigator.languages, readChosenLanguage())
const words = WORDS[language]
document.title = words.name
const initData = readInitData(location.hash, sessionStorage)
const session = initData && createSession({ fetch: (...args) => fetch(...args), initData })

createRoot(root).render(
  <StrictMode>
    <SpeechContext value={{ language, words }}>
      <TelegramContext value={createTelegram(initData !== undefined)}>
        <SessionContext value={session || undefined}>
          <QueryClientProvider client={createQueryClient()}>
            <Shell startParam={readStartParam(initData)} />
          </QueryClientProvider>
        </SessionContext>
      </TelegramContext>
    </SpeechContext>
  </StrictMode>,
)
