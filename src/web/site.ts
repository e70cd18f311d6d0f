import { signal } from '@preact/signals'
import { fetchSite, type Site } from './api.ts'
import { home } from './place.ts'
import { storage } from './storage.ts'

/** Of a place that says nothing else. */
const usual: Site = {
  name: 'CloudChat',
  footer: null,
  logo: null,
  terms_url: null,
  privacy_url: null,
  registration: 'open',
  demo: false,
  anonymous_chat: true,
}

// Other services may be below other paths of the same host.
const place = `site ${home()}`
const kept = readKept()

/** What everybody may know of this place: as it was at the last visit, until it has answered. */
export const site = signal<Site>({ ...usual, ...kept })

/** Whether the name and the picture are its own. */
export const isSiteKnown = signal(kept !== null)

/** Without a word when it fails: only the name and a notice are missing then. */
export async function readSite(): Promise<void> {
  try {
    site.value = await fetchSite()
    storage.setItem(place, JSON.stringify(site.value))
  } catch {
  } finally {
    isSiteKnown.value = true
  }
}

function readKept(): Partial<Site> | null {
  try {
    return JSON.parse(storage.getItem(place) ?? 'null')
  } catch {
    return null
  }
}
