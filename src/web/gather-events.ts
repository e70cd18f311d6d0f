import type { TurnEvent } from '../modules/chat/events.ts'

/** Words that come faster are heard together: each hearing looks through all messages of the page. */
const pauseMs = 50

export interface GatheredEvents {
  add(events: TurnEvent[]): void
  /** Hands on what is held back. */
  flush(): void
}

/** Hands events on in their order: words at most once in a while, the first after a silence and all else at once. */
export function gatherEvents(hear: (events: TurnEvent[]) => void): GatheredEvents {
  let held: TurnEvent[] = []
  let notBefore = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (held.length === 0) return
    const events = held
    held = []
    notBefore = performance.now() + pauseMs
    hear(events)
  }

  return {
    add(events) {
      held.push(...events)
      const wait = notBefore - performance.now()
      if (wait <= 0 || !events.every(isWords)) flush()
      else timer ??= setTimeout(flush, wait)
    },
    flush,
  }
}

function isWords({ type }: TurnEvent): boolean {
  return type === 'delta' || type === 'reasoning'
}
