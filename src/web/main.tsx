import { render } from 'preact'
import { App } from './app.tsx'

// Its address is relative to that of the page, which changes as one goes about.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel$=icon]')) {
  icon.setAttribute('href', icon.href)
}

const root = document.getElementById('app')
if (root) render(<App />, root)
