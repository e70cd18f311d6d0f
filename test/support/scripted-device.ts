import type { Device, Wake } from '../../src/web/device.ts'

/** A browser whose network does what the test says. */
export interface ScriptedDevice extends Device {
  requests: ScriptedRequest[]
  /** Request number `count` (1 is the first), now or once it is made. */
  request(count: number): Promise<ScriptedRequest>
  wake(why: Wake): void
}

export interface ScriptedRequest {
  path: string
  init: RequestInit
  headers: Headers
  /** Answers with a stream, to be written to. */
  open(): void
  say(text: string): void
  /** Ends the stream as a server does. */
  end(): void
  /** As browsers tell that a connection is gone, before an answer or in the middle of one. */
  lose(): void
  answer(response: Response): void
  /** Settles when the page has given it up. */
  left: Promise<void>
}

export function createScriptedDevice({ random = 0 } = {}): ScriptedDevice {
  const listeners = new Set<(why: Wake) => void>()
  const waiting = new Set<() => void>()
  const requests: ScriptedRequest[] = []
  return {
    requests,
    fetch(path, init) {
      const { request, response } = scriptedRequest(path, init)
      requests.push(request)
      for (const look of [...waiting]) look()
      return response
    },
    onWake(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    random: () => random,
    request: (count) =>
      new Promise((resolve) => {
        const look = () => {
          const request = requests[count - 1]
          if (request === undefined) return
          waiting.delete(look)
          resolve(request)
        }
        waiting.add(look)
        look()
      }),
    wake(why) {
      for (const listener of [...listeners]) listener(why)
    },
  }
}

function scriptedRequest(path: string, init: RequestInit) {
  const { promise: response, resolve, reject } = Promise.withResolvers<Response>()
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const encoder = new TextEncoder()
  const failure = () => new TypeError('Load failed')
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  init.signal?.addEventListener('abort', () => leave())
  const request: ScriptedRequest = {
    path,
    init,
    headers: new Headers(init.headers),
    left,
    open() {
      const body = new ReadableStream<Uint8Array>({
        start(opened) {
          controller = opened
        },
      })
      resolve(new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }))
    },
    say: (text) => controller?.enqueue(encoder.encode(text)),
    end: () => controller?.close(),
    lose() {
      if (controller === null) reject(failure())
      else controller.error(failure())
    },
    answer: resolve,
  }
  return { request, response }
}
