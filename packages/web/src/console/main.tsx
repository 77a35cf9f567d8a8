import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../shared/ui/mantine-styles.ts'
import { startLanguages } from '../shared/i18n/i18n.ts'
import { Console } from './console.tsx'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
// Read by the part of Mantine's dialogs that keeps the page from scrolling behind them.
Object.assign(globalThis, { __webpack_nonce__: nonce })

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no element with the id "root"')

await startLanguages()
createRoot(root).render(
  <StrictMode>
    <Console nonce={nonce} />
  </StrictMode>,
)
