import type { Device } from './device.ts'
import { home } from './place.ts'

export const browser: Device = {
  fetch: (path, init) => fetch(home() + path, { credentials: 'same-origin', ...init }),
  onWake(listener) {
    const online = () => listener('network')
    const visible = () => {
      if (document.visibilityState === 'visible') listener('shown')
    }
    // A page that comes out of the browser's cache has lost its connections.
    const pageshow = ({ persisted }: PageTransitionEvent) => listener(persisted ? 'network' : 'shown')
    addEventListener('online', online)
    addEventListener('pageshow', pageshow)
    document.addEventListener('visibilitychange', visible)
    return () => {
      removeEventListener('online', online)
      removeEventListener('pageshow', pageshow)
      document.removeEventListener('visibilitychange', visible)
    }
  },
  random: Math.random,
}
