import { jest } from 'bun:test'
import type { TurnEvent } from '../../src/modules/chat/events.ts'
import { followTurn, type TurnSource } from '../../src/web/follow-turn.ts'
import { createScriptedDevice, type ScriptedDevice } from './scripted-device.ts'

export const running: TurnSource = { turnId: 'turn-1' }
export const question: TurnSource = {
  ask: { path: 'send', init: { method: 'POST', headers: { 'idempotency-key': 'once' } } },
}

export const wire = (id: number, type: string, data: unknown) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
export const start = wire(1, 'start', { turn_id: 'turn-1' })
export const delta = (id: number, text: string) => wire(id, 'delta', { text })
export const done = (id: number) => wire(id, 'done', { finish_reason: 'stop' })

/** Follows, with what a test wants to know and to wait for. */
export function follow(source: TurnSource, device: ScriptedDevice = createScriptedDevice()) {
  const leaving = new AbortController()
  const events: TurnEvent[] = []
  let losses = 0
  const waiting = new Set<() => void>()
  const until = (isThere: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (isThere() && waiting.delete(look)) resolve()
      }
      waiting.add(look)
      look()
    })
  const plan = {
    onEvents(news: TurnEvent[]) {
      events.push(...news)
      for (const look of [...waiting]) look()
    },
    onConnection(isOpen: boolean) {
      if (isOpen) return
      losses++
      for (const look of [...waiting]) look()
    },
    signal: leaving.signal,
  }
  return {
    device,
    events,
    following: followTurn(source, plan, device),
    leave: () => leaving.abort(),
    /** All events, once there are so many. */
    async read(count: number) {
      await until(() => events.length >= count)
      return events
    },
    /** Once the connection was lost so often and the next try waits for its time. */
    disconnected: (count: number) => until(() => losses >= count),
  }
}

/** Request number `count`, whose time has come; for tests with false clocks. */
export async function nextRequest(device: ScriptedDevice, count: number) {
  for (;;) {
    const request = device.requests[count - 1]
    if (request !== undefined) return request
    await Promise.resolve()
    jest.advanceTimersByTime(1000)
  }
}

export function textOf(events: TurnEvent[]): string {
  let text = ''
  for (const { type, data } of events) {
    if (type === 'delta') text += data.text
    if (type === 'snapshot') text = data.text
  }
  return text
}
