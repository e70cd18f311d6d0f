import { signal } from '@preact/signals'

const pages = ['login', 'register', 'forgot_password', 'reset_password'] as const
export type Page = (typeof pages)[number] | 'chat'

/** The page being shown: the last part of the address, whatever prefix stands before it. */
export const page = signal<Page>(pageOfAddress())

addEventListener('popstate', () => {
  page.value = pageOfAddress()
})

export function goTo(next: Page): void {
  history.pushState(null, '', hrefOf(next))
  page.value = next
}

/** Relative, as everything here: `./` is the chat under any prefix. */
export function hrefOf(target: Page): string {
  return target === 'chat' ? './' : `./${target}`
}

function pageOfAddress(): Page {
  const last = location.pathname.split('/').pop()
  return pages.find((known) => known === last) ?? 'chat'
}
