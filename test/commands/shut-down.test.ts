import { describe, expect, test } from 'bun:test'
import { shutDown } from '../../src/commands/shut-down.ts'
import type { Config } from '../../src/config.ts'
import { createLifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'

/** A server with one stream that says `first` and goes on when it is told to. */
function setUp(drainSeconds: number) {
  const more = Promise.withResolvers<void>()
  const encoder = new TextEncoder()
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () =>
      new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue(encoder.encode('first '))
            await more.promise
            controller.enqueue(encoder.encode('last'))
            controller.close()
          },
        }),
      ),
  })
  const lifecycle = createLifecycle(new Date())
  const config = { production: false, drainSeconds } as Config
  const end = () => shutDown(server, { config, lifecycle, turns: new Map(), log: createLog('silent') })
  return { server, lifecycle, more, end, url: `http://127.0.0.1:${server.port}/` }
}

describe('shutDown', () => {
  test('lets a stream come to its end, and nobody in', async () => {
    const { url, lifecycle, more, end } = setUp(60)
    const response = await fetch(url)
    const ended = end()
    expect(lifecycle.isDraining).toBe(true)
    await expect(fetch(url)).rejects.toThrow()
    more.resolve()
    expect(await response.text()).toBe('first last')
    await ended
  })

  test('cuts what does not end in time', async () => {
    const { url, more, end } = setUp(0)
    const response = await fetch(url)
    await end()
    await expect(response.text()).rejects.toThrow()
    more.resolve()
  })

  test('waits for what a cut answer has to write down', async () => {
    const { lifecycle, end } = setUp(0)
    lifecycle.unfinished = 1
    let isWritten = false
    setTimeout(() => {
      isWritten = true
      lifecycle.unfinished = 0
    }, 50)
    await end()
    expect(isWritten).toBe(true)
  })
})
