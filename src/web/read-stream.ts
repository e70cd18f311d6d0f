import { type Device, pause, retryDelayMs } from './device.ts'
import { createEventParser, type WireEvent } from './event-parser.ts'

export interface StreamPlan {
  /** What to ask for, now: called again whenever the stream was cut off. */
  request(): { path: string; init?: RequestInit }
  /** Called with what has arrived at once. True: the stream is over. */
  onEvents(events: WireEvent[]): boolean
  /** Whether a refusal with this status is the end. After any other the stream is asked for again. */
  isFinal(status: number): boolean
  /** True: it is open. False: it is not, and will be asked for again. */
  onConnection?(isOpen: boolean): void
  /** Nobody wants it any more. */
  signal: AbortSignal
}

export type StreamEnd =
  | { type: 'over' }
  | { type: 'refused'; status: number; body: string }
  /** By `signal`. */
  | { type: 'left' }

/** The server says something every 8 seconds, if only that it is there. */
const stallMs = 20_000
const suspiciouslyQuietMs = 10_000

/**
 * Reads server-sent events to their end, over as many connections as it takes: when one is cut off, is refused in
 * passing, goes silent or was open while the device slept, the stream is asked for again.
 */
export async function readStream(plan: StreamPlan, device: Device): Promise<StreamEnd> {
  let failures = 0
  while (!plan.signal.aborted) {
    const { outcome, hasEvents, isWoken, retryAfterMs } = await readOnce(plan, device)
    if (plan.signal.aborted) break
    if (outcome !== 'cut') return outcome
    failures = hasEvents ? 1 : failures + 1
    if (isWoken) continue
    plan.onConnection?.(false)
    await pause(Math.max(retryAfterMs, retryDelayMs(failures, device)), plan.signal, device)
  }
  return { type: 'left' }
}

interface Attempt {
  outcome: 'cut' | StreamEnd
  hasEvents: boolean
  /** Given up because the device woke up: the next one is made at once. */
  isWoken: boolean
  retryAfterMs: number
}

async function readOnce(plan: StreamPlan, device: Device): Promise<Attempt> {
  const attempt: Attempt = { outcome: 'cut', hasEvents: false, isWoken: false, retryAfterMs: 0 }
  const connection = new AbortController()
  const abort = () => connection.abort()
  const beganAt = Date.now()
  let heardAt = beganAt
  let stall = setTimeout(abort, stallMs)
  plan.signal.addEventListener('abort', abort)
  if (plan.signal.aborted) abort()
  const stopListening = device.onWake((why) => {
    const isDead =
      why === 'network' ? Date.now() - beganAt > 1000 : Date.now() - heardAt > suspiciouslyQuietMs
    attempt.isWoken ||= isDead
    if (isDead) abort()
  })

  function hear(): void {
    heardAt = Date.now()
    clearTimeout(stall)
    stall = setTimeout(abort, stallMs)
  }

  try {
    const { path, init } = plan.request()
    const response = await orAborted(
      device.fetch(path, { ...init, signal: connection.signal }),
      connection.signal,
    )
    hear()
    if (!response.ok) {
      attempt.retryAfterMs = Math.min(60, Number(response.headers.get('retry-after')) || 0) * 1000
      const body = await orAborted(response.text(), connection.signal)
      if (plan.isFinal(response.status)) attempt.outcome = { type: 'refused', status: response.status, body }
      return attempt
    }
    // Somebody else has answered: the page of a hotel's network, say.
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return attempt
    plan.onConnection?.(true)
    for await (const events of eventsOf(response, connection.signal, hear)) {
      attempt.hasEvents = true
      if (!plan.onEvents(events)) continue
      attempt.outcome = { type: 'over' }
      break
    }
  } catch (error) {
    if (!(error instanceof CutOff)) throw error
  } finally {
    clearTimeout(stall)
    stopListening()
    plan.signal.removeEventListener('abort', abort)
    abort()
  }
  return attempt
}

async function* eventsOf(response: Response, signal: AbortSignal, hear: () => void) {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  const parse = createEventParser()
  for (;;) {
    const { done, value } = await orAborted(reader.read(), signal)
    if (done) return
    hear()
    const events = parse(value)
    if (events.length > 0) yield events
  }
}

class CutOff extends Error {}

/** Browsers have many words for a connection that is gone, and some say nothing at all after a long sleep. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(new CutOff())
    signal.addEventListener('abort', cut, { once: true })
    if (signal.aborted) cut()
    promise.then(resolve, cut).finally(() => signal.removeEventListener('abort', cut))
  })
}
