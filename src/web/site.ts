import { signal } from '@preact/signals'
import { fetchSite, type Site } from './api.ts'

/** What everybody may know of this place. */
export const site = signal<Site>({
  name: 'CloudChat',
  footer: null,
  logo: null,
  terms_url: null,
  privacy_url: null,
  registration: 'open',
  demo: false,
  anonymous_chat: true,
})

/** Without a word when it fails: only the name and a notice are missing then. */
export async function readSite(): Promise<void> {
  try {
    site.value = await fetchSite()
  } catch {}
}
