import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/base.css'
import './styles/page.css'
import './styles/network.css'
import { App } from './page/app.tsx'
import { readPageSettings } from './start/page-settings.ts'
import { WORDS } from './words/words.ts'
import { SpeechContext } from './words/words-context.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const { language } = readPageSettings(location, navigator.languages)
const words = WORDS[language]
document.title = words.name

createRoot(root).render(
  <StrictMode>
    <SpeechContext value={{ language, words }}>
      <App />
    </SpeechContext>
  </StrictMode>,
)
