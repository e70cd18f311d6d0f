import { signal } from '@preact/signals'

const pages = ['login', 'register', 'forgot_password', 'reset_password'] as const
export type Page = (typeof pages)[number] | 'chat'

const conversationPath = /\/c\/([0-9a-f-]{36})$/i
const sharePath = /\/s\/([\w-]{22})$/

/** The page being shown: the last part of the address, whatever prefix stands before it. */
export const page = signal<Page | 'shared'>('chat')

/** The conversation in the address (`…/c/<id>`); null: none, a new one. */
export const conversationId = signal<string | null>(null)

/** The link to something shared in the address (`…/s/<token>`). */
export const shareToken = signal('')

readAddress()
addEventListener('popstate', readAddress)

export function goTo(next: Page): void {
  history.pushState(null, '', hrefOf(next))
  readAddress()
}

export function goToConversation(id: string): void {
  history.pushState(null, '', hrefOfConversation(id))
  readAddress()
}

export function hrefOf(target: Page): string {
  return home() + (target === 'chat' ? '' : target)
}

export function hrefOfConversation(id: string): string {
  return `${home()}c/${id}`
}

/** The path that everything here is below: a proxy may serve us under any prefix. */
export function home(): string {
  return location.pathname
    .replace(conversationPath, '/')
    .replace(sharePath, '/')
    .replace(/[^/]*$/, '')
}

function readAddress(): void {
  const last = location.pathname.split('/').pop()
  const token = sharePath.exec(location.pathname)?.[1]
  shareToken.value = token ?? ''
  page.value = token === undefined ? (pages.find((known) => known === last) ?? 'chat') : 'shared'
  conversationId.value = conversationPath.exec(location.pathname)?.[1]?.toLowerCase() ?? null
}
