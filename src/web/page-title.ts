import { effect } from '@preact/signals'
import { page } from './place.ts'
import { branch } from './shared-branch.ts'
import { site } from './site.ts'
import { title } from './talk.ts'
import { shellTexts } from './texts/shell.ts'
import { texts } from './texts.ts'

/** What a tab, the browser's history and a screen reader call the page: what it shows, and of which site it is. */
export function keepPageTitle(): void {
  effect(() => {
    const { name } = site.value
    const shown = titleOfPage()
    document.title = shown ? `${shown} · ${name}` : name
  })
}

/** Nothing: the site's name alone. */
function titleOfPage(): string | null | undefined {
  const t = { ...texts.value, ...shellTexts.value }
  switch (page.value) {
    case 'chat':
      return title.value
    case 'shared':
      return branch.value?.title
    case 'login':
      return t.logIn
    case 'register':
      return t.register
    case 'forgot_password':
      return t.forgotTitle
    case 'reset_password':
      return t.resetTitle
    case 'missing':
      return t.missingTitle
    default:
      return t[page.value]
  }
}
