import { signal } from '@preact/signals'
import { pageNames } from '../lib/page-addresses.ts'

export type Page = (typeof pageNames)[number] | 'chat'

/** The path that everything here is below: a proxy may serve us under any prefix. Each page says where that is. */
const homePath = new URL(
  document.querySelector<HTMLMetaElement>('meta[name=home]')?.content ?? './',
  location.href,
).pathname

/** The page being shown; `missing`: there is none at this address. */
export const page = signal<Page | 'shared' | 'missing'>('chat')

/** The conversation in the address (`…/c/<id>`); null: none, a new one. */
export const conversationId = signal<string | null>(null)

/** The link to something shared in the address (`…/s/<token>`). */
export const shareToken = signal('')

/** The part of a page in the address (`…/settings#sessions`, `…/admin/users`); empty: none is named. */
export const section = signal('')

readAddress()
addEventListener('popstate', readAddress)
addEventListener('hashchange', readAddress)

export function goTo(next: Page, nextSection = ''): void {
  go(hrefOf(next) + (nextSection === '' ? '' : `#${nextSection}`))
}

export function goToAdmin(part: string): void {
  go(hrefOfAdmin(part))
}

export function goToConversation(id: string): void {
  go(hrefOfConversation(id))
}

export function hrefOf(target: Page): string {
  return home() + (target === 'chat' ? '' : target)
}

/** The parts of the administration have paths of their own: what is looked for in one stands behind it. */
export function hrefOfAdmin(part: string): string {
  return `${home()}admin/${part}`
}

export function hrefOfConversation(id: string): string {
  return `${home()}c/${id}`
}

export function home(): string {
  return homePath
}

function go(href: string): void {
  if (href !== location.pathname + location.hash) history.pushState(null, '', href)
  readAddress()
}

function readAddress(): void {
  const path = location.pathname.startsWith(homePath) ? location.pathname.slice(homePath.length) : '?'
  conversationId.value = /^c\/([0-9a-f-]{36})$/i.exec(path)?.[1]?.toLowerCase() ?? null
  const token = /^s\/([\w-]{22})$/.exec(path)?.[1]
  shareToken.value = token ?? ''
  const adminPart = /^admin\/([a-z-]+)$/.exec(path)?.[1]
  section.value = adminPart ?? location.hash.slice(1)
  if (token !== undefined) page.value = 'shared'
  else if (path === '' || conversationId.value !== null) page.value = 'chat'
  else if (adminPart !== undefined) page.value = 'admin'
  else page.value = pageNames.find((known) => known === path) ?? 'missing'
}
