import { describe, expect, test } from 'bun:test'
import { createMemoryKv } from '../../src/kv/memory.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { keepsChannels } from './channels-contract.ts'
import { keepsTheContract } from './contract.ts'
import { keepsLogs, more, whole } from './logs-contract.ts'

let time = 1_000_000_000_000
const now = () => new Date(time)
const kv = createMemoryKv({ now })
const subject = {
  kv: () => kv,
  pass: async (ms: number) => {
    time += ms
  },
}
keepsTheContract('memory', subject)
keepsLogs('memory', subject)
keepsChannels('memory', () => kv)

describe('the in-process store', () => {
  test('is what there is without Redis', async () => {
    const opened = await openKv(null, createLog('silent'))
    expect(opened.state()).toBe('embedded')
    await opened.set('a', '1', 60)
    expect(await opened.get('a')).toBe('1')
    await opened.close()
  })

  test('is bounded: what was written longest ago goes first', async () => {
    const small = createMemoryKv({ now, maxBytes: 10_000 })
    for (let index = 0; index < 100; index++) await small.set(`key ${index}`, 'x'.repeat(400), 60)
    const left: number[] = []
    for (let index = 0; index < 100; index++) if (await small.get(`key ${index}`)) left.push(index)
    expect(left.length).toBeGreaterThan(5)
    expect(left).toEqual(Array.from({ length: left.length }, (_, index) => 100 - left.length + index))
  })

  test('a counter in use outlives what came after its first hit', async () => {
    const small = createMemoryKv({ now, maxBytes: 10_000 })
    let count = 0
    for (let index = 0; index < 100; index++) {
      await small.set(`key ${index}`, 'x'.repeat(400), 60)
      count = (await small.increment('hits', 60)).count
    }
    expect(count).toBe(100)
  })

  test('what is larger than all of it is not kept, and costs nothing else its place', async () => {
    const small = createMemoryKv({ now, maxBytes: 10_000 })
    await small.set('small', '1', 60)
    await small.set('large', 'old', 60)
    await small.set('large', 'x'.repeat(20_000), 60)
    expect(await small.get('large')).toBeNull()
    expect(await small.get('small')).toBe('1')
  })

  test('room that overwriting, deleting and expiring give back is used again', async () => {
    const small = createMemoryKv({ now, maxBytes: 10_000 })
    for (let index = 0; index < 100; index++) {
      await small.set('overwritten', 'x'.repeat(4000 + index), 60)
      await small.setIfAbsent('deleted', 'x', 60)
      await small.deleteIfEquals('deleted', 'x')
    }
    expect(await small.get('overwritten')).toHaveLength(4099)
    await small.delete('overwritten')
    await small.set('kept', 'x'.repeat(400), 36_000)
    for (let index = 0; index < 100; index++) {
      await small.set(`brief ${index}`, 'x'.repeat(400), 60)
      time += 61_000
    }
    expect(await small.get('kept')).toHaveLength(400)
  })

  test('its logs are bounded: those that were written to longest ago go first, and their owner learns of it', async () => {
    const small = createMemoryKv({ now, maxLogBytes: 10_000 })
    const keys = Array.from({ length: 10 }, (_, index) => `log ${index}`)
    await small.appendToLogs(keys.map((key) => whole(key, 1, 'x'.repeat(400))))
    const isThere = await Promise.all(keys.map(async (key) => (await small.readLog(key, 0)) !== null))
    const oldest = isThere.indexOf(true)
    expect(oldest).toBeWithin(1, 8)
    expect(isThere).toEqual(keys.map((_, index) => index >= oldest))
    await small.appendToLogs([more(`log ${oldest}`, 2, 'y'), whole('new', 1, 'x'.repeat(400))])
    expect(await small.readLog(`log ${oldest}`, 0)).toHaveLength(2)
    expect(await small.appendToLogs([more(`log ${oldest + 1}`, 2, 'y')])).toEqual([`log ${oldest + 1}`])
  })

  test('one log that outgrows everything is gone, however small its entries', async () => {
    const small = createMemoryKv({ now, maxLogBytes: 10_000 })
    await small.appendToLogs([whole('log', 1, '')])
    let number = 1
    while ((await small.appendToLogs([more('log', ++number, '')])).length === 0 && number < 10_000) {}
    expect(number).toBeWithin(50, 300)
    expect(await small.readLog('log', 0)).toBeNull()
    expect(await small.appendToLogs([whole('log', number, 'all of it')])).toEqual([])
  })

  test('is empty once closed', async () => {
    const closed = createMemoryKv({ now })
    await closed.set('a', '1', 60)
    await closed.appendToLogs([whole('log', 1, 'one')])
    await closed.close()
    expect(await closed.get('a')).toBeNull()
    expect(await closed.readLog('log', 0)).toBeNull()
  })
})
