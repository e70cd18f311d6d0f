import { describe, expect, test } from 'bun:test'
import { createMemoryKv } from '../../src/kv/memory.ts'
import { openKv } from '../../src/kv/open-kv.ts'
import { createLog } from '../../src/lib/log.ts'
import { keepsTheContract } from './contract.ts'

let time = 1_000_000_000_000
const now = () => new Date(time)
const kv = createMemoryKv({ now })
keepsTheContract('memory', {
  kv: () => kv,
  pass: async (ms) => {
    time += ms
  },
})

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

  test('is empty once closed', async () => {
    const closed = createMemoryKv({ now })
    await closed.set('a', '1', 60)
    await closed.close()
    expect(await closed.get('a')).toBeNull()
  })
})
