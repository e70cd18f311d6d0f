import { expect, test } from 'bun:test'
import type { TextSocket } from '../../../src/http/web-socket.ts'
import { createSocketSeats } from '../../../src/modules/chat/socket-seats.ts'
import { serveSocket } from '../../../src/modules/chat/socket-session.ts'
import { describeOnBothStacks, type TestApp } from '../../support/harness.ts'

/** A socket whose first frame is still being thought about. Answers with the code that it was closed with, if it was. */
function receive(app: TestApp, frames: string[]): number | null {
  let code: number | null = null
  const socket: TextSocket = {
    send: () => true,
    drained: () => new Promise(() => {}),
    get isOpen() {
      return code === null
    },
    close(closedWith) {
      code = closedWith
    },
  }
  const listener = serveSocket(app.deps, {
    socket,
    seats: createSocketSeats(app.deps, null),
    credential: null,
    mayLogIn: true,
    readFrame: () => ({ id: undefined, frame: { type: 'auth', token: 'a.b.c' } }),
  })
  for (const frame of frames) if (code === null) listener.onText(frame)
  listener.onClose()
  return code
}

describeOnBothStacks('frames that wait', (start) => {
  test('are so many at most, and of no more than so much', async () => {
    await using app = await start()
    const frames = (count: number, length: number) => Array<string>(count).fill('x'.repeat(length))
    // The first is being worked on.
    expect(receive(app, frames(65, 10))).toBe(null)
    expect(receive(app, frames(66, 10))).toBe(4429)
    expect(receive(app, frames(6, 200_000))).toBe(null)
    expect(receive(app, frames(7, 200_000))).toBe(4429)
    // One may always wait, however long the settings let it be.
    expect(receive(app, frames(2, 5_000_000))).toBe(null)
  })
})
