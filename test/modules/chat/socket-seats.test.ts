import { expect, test } from 'bun:test'
import { createSocketSeats } from '../../../src/modules/chat/socket-seats.ts'
import { eventually } from '../../kv/eventually.ts'
import { describeOnBothStacks } from '../../support/harness.ts'
import { otherInstance } from './chat.ts'

describeOnBothStacks('seats for sockets', (start) => {
  test('are so many for a person on all instances, and free again when they are given back', async () => {
    await using app = await start()
    const here = createSocketSeats(app.deps, 2)
    const there = createSocketSeats(otherInstance(app.deps), 2)
    const first = await here.take(1)
    const second = await there.take(1)
    expect([first, second]).not.toContain(null)
    expect(await here.take(1)).toBe(null)
    expect(await there.take(1)).toBe(null)
    expect(await there.take(2)).not.toBe(null)
    second?.()
    second?.()
    await eventually(async () => (await here.take(1)) !== null)
    expect(await there.take(1)).toBe(null)
    first?.()
  })

  test('are kept while their socket is open, also where the store has lost them', async () => {
    await using app = await start()
    const seats = createSocketSeats(app.deps, 1, 10)
    const leave = await seats.take(1)
    await app.deps.kv.delete('socket:1:1')
    await eventually(async () => (await app.deps.kv.get('socket:1:1')) !== null)
    expect(await seats.take(1)).toBe(null)
    leave?.()
    await eventually(async () => (await app.deps.kv.get('socket:1:1')) === null)
  })
})
